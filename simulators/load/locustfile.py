"""For people who know Locust: ``locust -f simulators/load/locustfile.py --plan plan.json``.

The plan decides associations, rate and end; ``--users`` is not looked at. With ``--master`` and
``--worker`` on several machines only the master needs the plan, and ``--expect-workers`` says how
many there are. The measurement is written when the load has ended.
"""

from __future__ import annotations

from pathlib import Path

import gevent
from locust import LoadTestShape, events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from simulators.load import within
from simulators.load.conductor import Conductor, Ensemble, Outputs
from simulators.load.ensembles import Alone, Follower, Orchestra, listen
from simulators.load.plan import Plan
from simulators.load.shapes import associations_at
from simulators.load.tally import Tally
from simulators.load.users import DicomUser

__all__ = ["DicomUser", "PlannedShape"]


class PlannedShape(LoadTestShape):
    """As many users as the plan has associations; none before all workers have the plan."""

    abstract = False
    conductor: Conductor | None = None
    plan: Plan | None = None
    assembled = False

    def tick(self) -> tuple[int, float] | None:
        """Number of users, and how many may be started per second."""
        plan, conductor = type(self).plan, type(self).conductor
        if plan is None or conductor is None or conductor.over:
            return None
        if not type(self).assembled:
            return 0, 1.0
        return associations_at(plan, conductor.elapsed_s), float(plan.associations)


def _arguments(parser: LocustArgumentParser) -> None:
    parser.add_argument("--plan", default="", help="Plan of the load, a JSON file")
    parser.add_argument("--measurement", default="load.json", help="Where the measurement goes")


def _begin(environment: Environment, **_: object) -> None:
    """Locust has made its runner: the load is prepared, and led in a greenlet of its own."""
    runner, options = environment.runner, environment.parsed_options
    if isinstance(runner, WorkerRunner):
        Follower(environment, runner)
        return
    if options is None or not options.plan:
        raise SystemExit("--plan: name the JSON file of the plan")
    plan = Plan.model_validate_json(Path(options.plan).read_bytes())
    within.require(plan)
    environment.stop_timeout = plan.timeout_s
    workers = options.expect_workers if isinstance(runner, MasterRunner) else 1
    conductor = Conductor(plan, Tally(plan, workers), Outputs(Path(options.measurement)))
    PlannedShape.plan, PlannedShape.conductor = plan, conductor
    if isinstance(runner, MasterRunner):
        orchestra = Orchestra(runner, plan, conductor, [], workers)
        gevent.spawn(_lead, conductor, orchestra, orchestra)
    elif isinstance(runner, LocalRunner):
        gevent.spawn(_lead, conductor, Alone(environment, plan, conductor), None)
    listen(environment.events.quitting, lambda **_: conductor.interrupt())


def _lead(conductor: Conductor, ensemble: Ensemble, orchestra: Orchestra | None) -> None:
    if orchestra is not None:
        orchestra.assemble()
    PlannedShape.assembled = True
    conductor.lead(ensemble)


listen(events.init_command_line_parser, _arguments)
listen(events.init, _begin)
