"""What suppliers do by themselves and together: groups, needs, failures, leaving, and the newer events."""

from __future__ import annotations

from tests.broken.case import SOUND, Case

FAILS = "fails: {every: {mean: 90 d}, lasts: {mean: 6 h}}"
BEFORE = "capabilities:\n"
SPARE, STORE, IDENTITY = (
    "  spare: {kind: cloud host}\n", "  store: {kind: app store}\n", "  identity: {kind: identity service}\n",
)  # fmt: skip
ROLES = SPARE + STORE + IDENTITY + BEFORE
SUSPEND = "suspend: host, at: 2025-03-10T08:00Z, notice: 30 h"
OUTAGE = "outage: identity, at: 30 d, lasts: {mean: 6 h}"


def group(text: str, name: str = "region") -> str:
    """A section with one group, before the capabilities."""
    return f"groups:\n  {name}: {{{text}}}\n{BEFORE}"


def alike(store: str, text: str) -> str:
    """A spare host and a store that fail, and a group."""
    failing = SPARE.replace("}", f", {FAILS}}}") + STORE.replace("}", f", {store}}}")
    return failing + IDENTITY + group(text)


def spare(text: str) -> str:
    """The spare host with more said of it."""
    return SPARE.replace("}", f", {text}}}")


WITH_EVENT = SOUND[SOUND.index(BEFORE) : SOUND.index(SUSPEND) + len(SUSPEND)]
BOTH = "members: [spare, store], common: 10 %"

SUPPLIERS = (
    # -- groups
    Case("member_unknown", BEFORE, group("members: [host, spar]"), "groups.region.members.2",
         ("no supplier `spar`", "did you mean `spare`?"), line=13),
    Case("member_twice", BEFORE, group("members: [host, host]"), "groups.region.members.2",
         ("`host` is named twice",), line=13),
    Case("member_is_a_group", BEFORE, group("members: [region]"), "groups.region.members.1",
         ("`region` is a group",), line=13),
    Case("group_of_nobody", BEFORE, group("members: []"), "groups.region.members", ("empty list",), line=13),
    Case("group_without_members", BEFORE, group("common: 10 %"), "groups.region.members", ("is missing",),
         line=13),
    Case("group_called_as_a_supplier", BEFORE, group("members: [spare]", "host"), "groups.host",
         ("also a supplier",), line=13),
    Case("group_called_as_a_capability", BEFORE, group("members: [spare]", "use"), "groups.use",
         ("also a capability",), line=13),
    Case("group_called_as_a_segment", BEFORE, group("members: [spare]", "core"), "groups.core",
         ("also a segment",), line=13),
    Case("group_called_users", BEFORE, group("members: [spare]", "users"), "groups.users",
         ("meaning of its own",), line=13),
    Case("misspelt_field_of_a_group", BEFORE, group("member: [spare]"), "groups.region.member",
         ("did you mean `members`?",), line=13),
    # -- failures
    Case("failures_without_a_length", SPARE, spare("fails: {every: {mean: 90 d}}"),
         "suppliers.spare.fails.lasts", ("is missing",)),
    Case("failures_of_no_length", SPARE, spare("fails: {every: 90 d, lasts: 0 h}"),
         "suppliers.spare.fails.lasts", ("no time at all",)),
    Case("failures_without_a_pause", SPARE, spare("fails: {every: 0 h, lasts: 1 h}"),
         "suppliers.spare.fails.every", ("more than 0",)),
    Case("failures_without_number", SPARE, spare("fails: {every: 1 s, lasts: 1 s}"),
         "suppliers.spare.fails.every", ("at most 100,000",)),
    Case("failures_of_a_group_without_number", BEFORE,
         group("members: [spare], fails: {every: 1 s, lasts: 1 s}"), "groups.region.fails.every",
         ("at most 100,000",), line=13),
    Case("misspelt_failures", SPARE, spare("fail: {every: 90 d, lasts: 1 h}"), "suppliers.spare.fail",
         ("did you mean `fails`?",)),
    # -- failures in common
    Case("common_without_failures", BEFORE, group("members: [host, spare], common: 10 %"),
         "groups.region.common", ("add `fails` to `host`, `spare`",), line=13),
    Case("common_of_one", ROLES, alike(FAILS, "members: [spare], common: 10 %"), "groups.region.common",
         ("a single member",), line=13),
    Case("common_of_unlike_failures", ROLES, alike(FAILS.replace("90", "80"), BOTH), "groups.region.common",
         ("`spare` and `store` differ",), line=13),
    Case("common_of_failures_with_memory", ROLES,
         alike(FAILS, BOTH).replace("{mean: 90 d}", "{low: 1 d, high: 90 d}"), "groups.region.common",
         ("exponential times between failures", "`spare` has none"), line=13),
    Case("common_of_more_than_all", BEFORE, group("members: [host, spare], common: 110 %"),
         "groups.region.common", ("over 1 (100 %)",), line=13),
    Case("common_twice_over", ROLES,
         alike(FAILS, "members: [spare, store], common: 60 %").replace(
             BEFORE, "  other: {members: [store, spare], common: 60 %}\n" + BEFORE),
         "groups.other.common", ("120 % of the failures of `store`",), line=14),
    # -- needs
    Case("needs_an_unknown_supplier", SPARE, spare("needs: [hots]"), "suppliers.spare.needs.1",
         ("no supplier `hots`", "did you mean `host`?")),
    Case("needs_a_capability", SPARE, spare("needs: [read]"), "suppliers.spare.needs.1",
         ("is a capability",)),
    Case("supplier_needs_itself", SPARE, spare("needs: [spare]"), "suppliers.spare.needs.1",
         ("cannot need itself",)),
    Case("suppliers_in_a_circle", SPARE + STORE,
         spare("needs: [store]") + STORE.replace("}", ", needs: [spare]}"), "suppliers.spare.needs",
         ("`spare` needs `store` needs `spare`",)),
    Case("supplier_needs_a_misspelt_any", SPARE, spare("needs: [{any: [host, stor]}]"),
         "suppliers.spare.needs", ("did you mean `store`?",)),
    # -- leaving
    Case("leaving_without_a_hazard", SPARE, spare("leaves: {notice: 1 d}"), "suppliers.spare.leaves",
         ("has no effect", "`hazard`")),
    Case("fading_of_nothing", SPARE, spare("leaves: {hazard: 1 % per day, fades_over: 9 d}"),
         "suppliers.spare.leaves.fades_over", ("unused without `contagion`",)),
    Case("leaving_after_the_end", SPARE, spare("leaves: {hazard: 1 % per day, since: 300 d}"),
         "suppliers.spare.leaves.since", ("not before the end",)),
    Case("leaving_before_the_start", SPARE, spare("leaves: {hazard: 1 % per day, since: 2025-02-01T00:00Z}"),
         "suppliers.spare.leaves.since", ("before the start",)),
    Case("hazard_of_leaving_without_time", SPARE, spare("leaves: {contagion: 15 %}"),
         "suppliers.spare.leaves.contagion", ("not a hazard", "per day")),
    Case("hazard_of_leaving_again_without_time", SPARE, spare("leaves_again: 15 %"),
         "suppliers.spare.leaves_again", ("not a hazard", "per day")),
    Case("misspelt_leaving", SPARE, spare("leaves: {contagon: 15 % per day}"),
         "suppliers.spare.leaves.contagon", ("did you mean `contagion`?",)),
    # -- events
    Case("degraded_to_nothing", OUTAGE, "degrade: identity, at: 30 d, to: 0 %", "events.3.to",
         ("more than 0",)),
    Case("degraded_to_everything", OUTAGE, "degrade: identity, at: 30 d, to: 100 %", "events.3.to",
         ("leaves all of the capacity",)),
    Case("degraded_to_more", OUTAGE, "degrade: identity, at: 30 d, to: 120 %", "events.3.to",
         ("over 1 (100 %)",)),
    Case("degraded_without_a_share", OUTAGE, "degrade: identity, at: 30 d", "events.3",
         ("`to` is missing",)),
    Case("degradation_announced", OUTAGE, "degrade: identity, at: 30 d, to: 40 %, notice: 1 h",
         "events.3.notice", ("no meaning for `degrade`",)),
    Case("share_of_an_outage", OUTAGE, OUTAGE + ", to: 40 %", "events.3.to",
         ("no meaning for `outage`, only for degrade",)),
    Case("grace_of_an_outage", OUTAGE, OUTAGE + ", grace: 7 d", "events.3.grace",
         ("no meaning for `outage`, only for suspend, terminate",)),
    Case("length_of_a_termination", SUSPEND, SUSPEND.replace("suspend", "terminate") + ", lasts: 5 d",
         "events.1.lasts", ("no meaning for `terminate`",)),
    Case("misspelt_degradation", OUTAGE, "degrad: identity, at: 30 d, to: 40 %", "events.3.degrad",
         ("did you mean `degrade`?",)),
    Case("event_of_a_misspelt_group", WITH_EVENT,
         WITH_EVENT.replace(BEFORE, group("members: [spare]")).replace("suspend: host", "suspend: regoin"),
         "events.1.suspend", ("no supplier or group `regoin`", "did you mean `region`?"), line=33),
)  # fmt: skip
