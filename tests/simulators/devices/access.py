"""What the tests of roles share: which flaws concern them, and a file of roles."""

ACCESS_FLAWS = (
    "compares_titles_loosely",
    "get_skips_roles",
    "trusts_negotiated_contexts",
    "hops_levels",
    "moves_to_any_destination",
    "learns_destinations",
    "user_identity_optional",
    "caches_user_identity",
    "decides_by_first_object",
    "tls_skips_roles",
    "accepts_any_role",
    "fails_move",
    "moves_nowhere_with_success",
)

KEY = b"a-key-of-the-test"

RULES = """
# who may do what
role SENDER echo,store patients=P1
role READER echo,find,get,move patients=P1 to=DEST
role WARD/rita echo,find
role WARD/tom echo
role REFERRER echo,store,find own
user rita her-passcode
user tom
user robot
key a-key-of-the-test
"""
