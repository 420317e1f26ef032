"""Permissions: what each allows, and which roles bring it."""

from typing import Final

from hone.identity import PERMISSIONS, Permission, Role
from tools.reference.markdown import Undocumented, code, page, table

MEANINGS: Final = {
    Permission.AI_QUERY: "Call models through the gateway, and use the playground.",
    Permission.AI_MANAGE: "Start, change and stop what improves models.",
    Permission.SYSTEM_MONITOR: "Read `/metrics`.",
    Permission.OPERATIONS_READ: "See the overview, and every recorded call without its contents.",
    Permission.OPERATIONS_WRITE: "Record calls that were made elsewhere.",
    Permission.CONTENTS_READ: "Read what was asked and answered.",
    Permission.PROVIDERS_READ: "See providers; never their credentials.",
    Permission.PROVIDERS_WRITE: "Add, change, test and delete providers.",
    Permission.MODELS_READ: "See models, prices and the catalogue.",
    Permission.MODELS_WRITE: "Add, change and delete models, and set prices.",
    Permission.ROUTES_READ: "See routes and their versions.",
    Permission.ROUTES_WRITE: "Add, change, undo and delete routes.",
    Permission.KEYS_READ: "See API keys; never the keys themselves.",
    Permission.KEYS_WRITE: "Make keys that may no more than their maker, and revoke keys.",
    Permission.PEOPLE_READ: "See people, teams and their sessions.",
    Permission.PEOPLE_WRITE: "Invite, change and deactivate people; manage teams; end sessions.",
    Permission.ORGANIZATION_WRITE: "Change the organization: what is kept, how people sign in.",
    Permission.LIMITS_READ: "See limits and budgets, and how much of each is used.",
    Permission.LIMITS_WRITE: "Set, change and take away limits and budgets.",
    Permission.FEEDBACK_READ: "See feedback, its summary and its trends.",
    Permission.FEEDBACK_WRITE: "Say whether an answer was good, and what it should have been.",
    Permission.DATASETS_READ: "See datasets, their examples and versions; export them.",
    Permission.DATASETS_WRITE: "Create, import, curate and version datasets.",
    Permission.TRAINING_READ: "See training runs, their figures and logs, and what waits.",
    Permission.TRAINING_WRITE: "Start, pause, resume and cancel training; keep schedules.",
    Permission.EXPERIMENTS_READ: "See experiments and their results.",
    Permission.EXPERIMENTS_WRITE: "Plan, start, stop and decide experiments.",
    Permission.RELEASES_READ: "See releases, their steps and guardrails, and what improves by itself.",
    Permission.RELEASES_WRITE: "Release versions of trained models, approve steps, and take versions back.",
    Permission.MONITORS_READ: "See monitors, their measurements and alerts.",
    Permission.MONITORS_WRITE: "Keep monitors and channels; resolve and silence alerts.",
    Permission.AUDIT_READ: "Read, export and verify the trail of changes.",
    Permission.DATA_ERASE: "Erase a person or an end user for good.",
}


def permissions_page() -> str:
    """Write the page."""
    missing = set(Permission) - set(MEANINGS)
    if missing:
        raise Undocumented(f"permissions without a meaning: {sorted(missing)}")
    roles = list(Role)
    rows = [
        [
            code(each),
            MEANINGS[each],
            *("yes" if each in PERMISSIONS[role] else "" for role in roles),
        ]
        for each in Permission
    ]
    return page(
        "Permissions",
        "A person has one role in an organization; a role is a set of permissions. A key carries "
        "permissions of its own, never more than its maker held, and loses at once what its person "
        "loses. Nobody grants what they do not hold. A call without the permission is a 403 that "
        "names it; an object of another organization is a 404, as if it did not exist.",
        table(["permission", "allows", *roles], rows),
    )
