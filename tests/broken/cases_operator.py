"""What the operator cannot do: unknown names, work that never ends, fields without effect."""

from __future__ import annotations

from tests.broken.case import SEARCH, TASKS, Case

_REPLY = "reply: {mean: 36 h}}"
_APPEAL = "  engineers: 4\n"
_COPY = "bandwidth: 1 Gbit/s}"


def _search(name: str, more: str, where: str, *says: str) -> Case:
    """A search that says more than it may."""
    return Case(name, _REPLY, f"reply: {{mean: 36 h}}, {more}}}", f"{SEARCH}.{where}", says)


def _appeal(name: str, of: str, where: str, *says: str) -> Case:
    """An appeal that cannot be."""
    path = f"response.appeal.{where}"
    return Case(name, _APPEAL, f"{_APPEAL}  appeal: {{{of}}}\n", path, says)


def _copy(name: str, more: str, where: str, *says: str) -> Case:
    """A transfer that says more than it may."""
    return Case(name, _COPY, f"bandwidth: 1 Gbit/s, {more}}}", f"{TASKS}.copy.{where}", says)


OPERATOR = (
    # -- candidates
    _search("standby_called_like_a_candidate", "standby: [{name: first}]", "candidates.1.name",
            "is the name of standby 1 too"),
    _search("fallback_called_like_a_candidate", "fallback: [{}, {name: first}]", "fallback.2.name",
            "is the name of candidate 1 too"),
    _search("standby_twice", "standby: [{name: near}, {name: near}]", "standby.2.name",
            "is the name of standby 1 too"),
    _search("standby_called_like_a_position", "standby: [{name: '1'}]", "standby.1.name", "add a letter"),
    _search("fallback_called_like_a_place", "standby: [{}], fallback: [{name: standby.1}]",
            "fallback.1.name", "would be taken for a position"),
    _search("skips_of_no_task", "standby: [{name: near, skips: [setup]}]", "standby.1.skips.1",
            "there is no task `setup`", "did you mean `set_up`?"),
    _search("skips_everything_and_more", "standby: [{name: near, skips: [everything, copy]}]",
            "standby.1.skips.1", "stands alone"),
    _search("skips_twice", "standby: [{name: near, skips: [copy, copy]}]", "standby.1.skips.2",
            "named twice"),
    _search("batches_of_one", "batches: true", "batches", "`at_once`"),
    _search("standby_that_is_no_list", "standby: near", "standby", "list"),
    _search("capacity_of_nothing", "standby: [{name: near, capacity: 0 %}]", "standby.1.capacity",
            "more than 0"),
    _search("withdraws_without_a_time", "withdraws: 3 %", "withdraws", "per"),
    _search("publicity_above_all", "publicity: 130 %", "publicity", "130 %"),
    _search("standby_misspelt", "standbye: [{name: near}]", "standbye", "did you mean `standby`?"),
    # -- work
    _copy("always_in_words", "always: maybe", "always", "true"),
    _copy("never_right", "rework: 100 %", "rework", "would hardly ever be done", "at most 95 %"),
    _copy("rework_above_all", "rework: 120 %", "rework", "120 %"),
    _copy("exports_of_nobody", "exports: hots", "exports", "did you mean `host`?"),
    _copy("exports_without_data", "exports: store", "exports", "`store` holds no data", "holds_data: true"),
    Case("egress_without_data", "p90: 20 d}, engineers: 4", "p90: 20 d}, cost_per_tb: 90, engineers: 4",
         f"{TASKS}.adapt.cost_per_tb", ("unused without `data`",)),
    Case("prepared_above_all", "      restores: {read", "      prepared: 120 %\n      restores: {read",
         "response.replace.host.prepared", ("120 %",), line=44),
    # -- appeals
    _appeal("appeal_for_nobody", "stor: {review: 9 d, granted: 30 %}", "stor", "did you mean `store`?"),
    _appeal("appeal_without_a_chance", "store: {review: 9 d}", "store.granted", "missing"),
    _appeal("appeal_after_unknown", "store: {after: [host.setup], review: 9 d, granted: 30 %}",
            "store.after.1", "did you mean `host.set_up`?"),
    _appeal("appeal_after_half_a_name", "store: {after: [set_up], review: 9 d, granted: 30 %}",
            "store.after.1", "did you mean `host.set_up`?"),
    _appeal("appeal_after_twice", "store: {after: [outage, outage], review: 9 d, granted: 30 %}",
            "store.after.2", "named twice"),
    _appeal("appeal_again_though_once", "store: {review: 9 d, granted: 30 %, again_after: 3 d}",
            "store.again_after", "at_most: 2"),
    _appeal("appeal_never_made", "store: {review: 9 d, granted: 30 %, at_most: 0}", "store.at_most", "1"),
    # -- the operator itself
    Case("starts_some_time", _APPEAL, f"{_APPEAL}  starts: notcie\n", "response.starts",
         ("did you mean `notice`?",)),
    Case("runway_in_words", _APPEAL, f"{_APPEAL}  runway: long\n", "response.runway", ("duration",)),
    Case("backups_kept_by_nobody", "backups: {every: 24 h}", "backups: {every: 24 h, kept_at: vault}",
         "backups.kept_at", ("there is no supplier `vault`",)),
    Case("backups_kept_where_the_data_are", "backups: {every: 24 h}",
         "backups: {every: 24 h, kept_at: host}", "backups.kept_at", ("holds the data itself",)),
)  # fmt: skip
