"""By which AE title each association of a load calls."""

from __future__ import annotations

from simulators.load.plan import Plan


def caller_of(plan: Plan, place: int) -> tuple[str, bool]:
    """The calling AE title of an association, and whether it is the greedy one's.

    A greedy load gives the first title its share of all associations, and the others the rest:
    one at least to each of them, as long as there are as many associations as titles.

    Args:
        plan: The load.
        place: Which association of all workers together.
    """
    titles = plan.target.calling_aes
    if plan.shape.kind != "greedy" or len(titles) == 1:
        return titles[place % len(titles)], False
    most = min(plan.shape.greedy * plan.associations, plan.associations - len(titles) + 1)
    if place < max(most, 1):
        return titles[0], True
    return titles[1 + place % (len(titles) - 1)], False
