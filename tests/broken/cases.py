"""One broken scenario a case: what is changed in `sound.yaml`, and what the message must say.

The expected line is the first one that differs from the sound file, unless a case says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SOUND = Path(__file__).with_name("sound.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Case:
    """A change, the dotted path and the words of the problem it must cause."""

    name: str
    old: str
    new: str
    where: str
    says: tuple[str, ...]
    line: int | None = None

    @property
    def text(self) -> str:
        """The broken file."""
        assert SOUND.count(self.old) >= 1, f"{self.name}: {self.old!r} is not in the sound file"
        return SOUND.replace(self.old, self.new, 1)

    @property
    def expected_line(self) -> int:
        """Where the message must point."""
        if self.line is not None:
            return self.line
        pairs = zip(SOUND.splitlines(), self.text.splitlines(), strict=False)
        return next(number for number, (old, new) in enumerate(pairs, start=1) if old != new)


SEARCH = "response.replace.host.search"
TASKS = "response.replace.host.tasks"
WEIBULL = "{law: weibull, shape: 0.8, scale: 200 d}"
CORE = "users.segments.core.patience"
PERT = "{low: 1 d, likely: 2 d, high: 7 d}"
SCALE = "users.segments.casual.patience.scale: {median: 45 d, p90: 110 d}"

CASES = (
    # -- keys
    Case("misspelt_key", "acceptance: {mean", "acceptence: {mean", f"{SEARCH}.acceptence",
         ("unknown key", "did you mean `acceptance`?")),
    Case("unknown_top_key", "name: sound\n", "name: sound\nweather: fine\n", "weather",
         ("unknown key", "allowed: name, ")),
    Case("unknown_key_without_value", "      share: 60 %", "      share: 60 %\n      colour:",
         "users.segments.casual.colour", ("unknown key",)),
    Case("duplicate_key", "name: sound\n", "name: sound\nname: again\n", "name",
         ("duplicate key", "line 2")),
    Case("key_is_no_identifier", "  host: {kind", "  my-host: {kind", "suppliers.my-host",
         ("not a name", "`my_host`")),
    Case("key_with_a_meaning", "  spare: {kind", "  none: {kind", "suppliers.none",
         ("choose another name",)),
    Case("label_of_the_whole_file", "name: sound\n", "name: sound\nlabel: x\n", "label", ("unknown key",)),
    Case("missing_section", "users:\n", "user:\n", "user", ("did you mean `users`?",)),
    Case("missing_key", "clock: {start: 2025-03-01T00:00Z, horizon", "clock: {horizon", "clock.start",
         ("is missing", "for example `start: 2025-03-01T00:00Z`")),
    # -- quantities
    Case("wrong_unit", "horizon: 180 d", "horizon: 180 TB", "clock.horizon",
         ("`180 TB` is not a duration", "allowed: d, h")),
    Case("unit_in_wrong_case", "data: {value: 50 TB", "data: {value: 50 tb", f"{TASKS}.copy.data",
         ("did you mean `50 TB`?",)),
    Case("no_unit", "horizon: 180 d", "horizon: 180", "clock.horizon", ("has no unit", "`180 d`")),
    Case("decimal_comma", "rpo: 24 h", "rpo: '1,5 d'", "targets.rpo", ("write `1.5 d`",)),
    Case("decimal_comma_in_braces", "rpo: 24 h", "rpo: 1,5 d", "targets.rpo", ("write `1.5 d`",)),
    Case("marks_between_thousands", "start: 2.3 million", "start: 2,300,000", "users.start",
         ("write `2300000`",)),
    Case("negative_duration", "horizon: 180 d", "horizon: -180 d", "clock.horizon", ("negative",)),
    Case("infinite", "start: 2.3 million", "start: .inf", "users.start", ("finite",)),
    Case("not_a_number", "recovered_at: 80 %", "recovered_at: .nan", "capabilities.watch.recovered_at",
         ("finite",)),
    Case("boolean_for_a_number", "start: 2.3 million", "start: true", "users.start",
         ("`true` is not a count",)),
    Case("list_for_a_number", "rto: 7 d", "rto: [7 d]", "targets.rto", ("a list is not a duration",)),
    Case("probability_over_one", "acceptance: 5 %", "acceptance: 150 %",
         f"{SEARCH}.candidates.2.acceptance", ("over 1 (100 %)",)),
    Case("percent_forgotten", "share: 40 %", "share: 40", "users.segments.core.share",
         ("did you mean `40 %`?",)),
    Case("zero_where_it_divides", "ttl: 1 h", "ttl: 0 h", "response.replace.host.cut_over.ttl",
         ("more than 0",)),
    Case("hazard_without_time", "churn: 0.1 % per day", "churn: 0.1 %", "users.churn",
         ("not a hazard", "per day")),
    Case("text_for_money", "monthly_cost: 0.3 million", "monthly_cost: a lot",
         "suppliers.host.monthly_cost", ("not an amount of money",)),
    Case("fraction_for_a_seed", "seed: 7", "seed: 7.5", "seed", ("whole number",)),
    Case("yes_for_true", "holds_data: true", "holds_data: yes", "suppliers.host.holds_data",
         ("true or false", "`yes`")),
    Case("number_for_text", "title: A network with two hosts", "title: 2021", "title",
         ('write "2021" in quotes',)),
    # -- laws
    Case("misspelt_law", f"patience: {WEIBULL}", "patience: {law: weibul, shape: 0.8, scale: 2 d}",
         f"{CORE}.law", ("did you mean `weibull`?",)),
    Case("law_without_parameter", f"patience: {WEIBULL}", "patience: {law: weibull, shape: 0.8}", CORE,
         ("takes {shape, scale}",)),
    Case("law_not_named", f"patience: {WEIBULL}", "patience: {shape: 0.8, scale: 2 d}", CORE,
         ("write `law: weibull` or `law: gamma`",)),
    Case("misspelt_parameter", PERT, "{low: 1 d, likley: 2 d, high: 7 d}", f"{TASKS}.set_up.takes.likley",
         ("did you mean `likely`?",)),
    Case("low_over_high", PERT, "{low: 9 d, likely: 2 d, high: 7 d}", f"{TASKS}.set_up.takes.high",
         ("more than low",)),
    Case("likely_outside", PERT, "{low: 1 d, likely: 9 d, high: 7 d}", f"{TASKS}.set_up.takes.likely",
         ("between low and high",)),
    Case("p90_below_median", "p90: 20 d", "p90: 2 d", f"{TASKS}.adapt.takes.p90",
         ("more than the median",)),
    Case("correlation_of_one", "correlation: 0.09", "correlation: 1", f"{SEARCH}.acceptance.correlation",
         ("below 1",)),
    Case("unbounded_share", "acceptance: 5 %", "acceptance: {mean: 5 %}",
         f"{SEARCH}.candidates.2.acceptance", ("exponential law can exceed 1", "{mean, correlation}")),
    Case("correlation_of_a_time", "reply: {mean: 36 h}", "reply: {mean: 36 h, correlation: 0.1}",
         f"{SEARCH}.reply", ("is for shares",)),
    Case("no_values", PERT, "{values: []}", f"{TASKS}.set_up.takes.values", ("at least one value",)),
    # -- time
    Case("event_after_the_horizon", "at: 30 d", "at: 300 d", "events.3.at",
         ("not before the end", "28 Aug 2025")),
    Case("event_before_the_start", "at: 2025-03-10T08:00Z", "at: 2025-02-10T08:00Z", "events.1.at",
         ("before the start (1 Mar 2025",)),
    Case("announced_before_the_start", "notice: 30 h", "notice: 30 d", "events.1.notice",
         ("announced", "before the start")),
    Case("no_time_zone", "at: 2025-03-10T08:00Z", "at: 2025-03-10T08:00", "events.1.at",
         ("write 2025-03-10T08:00Z",)),
    Case("no_instant", "at: 2025-03-10T08:00Z", "at: next week", "events.1.at", ("neither an instant",)),
    Case("no_such_day", "start: 2025-03-01T00:00Z", "start: 2025-02-30T00:00Z", "clock.start",
         ("not an instant",)),
    Case("too_many_reports", "report_every: 12 h", "report_every: 1 s", "clock.report_every",
         ("at most 100,000",)),
    # -- names
    Case("missing_supplier", "needs: [host, identity]", "needs: [host, identty]",
         "capabilities.use.needs.2", ("no supplier or capability `identty`", "did you mean `identity`?")),
    Case("cyclic_needs", "needs: [host, identity]", "needs: [host, identity, install]", "capabilities.use",
         ("`use` needs `install` needs `use`",)),
    Case("needs_itself", "needs: [host, identity]", "needs: [host, identity, use]",
         "capabilities.use.needs.3", ("cannot need itself",)),
    Case("needs_no_list", "needs: [host, identity]", "needs: identity", "capabilities.use.needs",
         ("write [identity]",)),
    Case("needs_nothing", "needs: [host, identity]", "recovered_at: 1", "capabilities.use",
         ("says nothing of what it needs",)),
    Case("more_than_there_are", "needs: [host, identity]", "needs: {at_least: 3, of: [host, identity]}",
         "capabilities.use.needs.at_least", ("can never be up",)),
    Case("never_enough", "host: 60 %, spare: 60 %", "host: 30 %, spare: 30 %", "capabilities.watch",
         ("60 % when everything is up", "80 %")),
    Case("unused_supplier", "identity: {kind: identity service}", "identity: {}\n  chat: {}",
         "suppliers.chat", ("is unused",), line=12),
    Case("two_things_of_one_name", "  read: {needs_any", "  spare: {needs_any", "capabilities.spare",
         ("also a supplier",)),
    Case("served_by_unknown", "served_by: use", "served_by: usee", "users.served_by",
         ("did you mean `use`?",)),
    Case("join_by_unknown", "join_by: install", "join_by: instal", "users.join_by",
         ("did you mean `install`?",)),
    Case("headline_unknown", "headline: use", "headline: host", "headline", ("no capability `host`",)),
    Case("shares_do_not_add_up", "share: 40 %", "share: 30 %", "users.segments",
         ("add up to 90 %", "must make 100 %"), line=24),
    Case("unused_behaviour", "  join_by: install", "  join_by: install\n  patience: 5 d", "users.patience",
         ("is unused",)),
    Case("no_segments", SOUND[SOUND.index("  segments:") : SOUND.index("events:")], "  segments: {}\n",
         "users.segments", ("at least one segment",)),
    # -- events
    Case("misspelt_verb", "{suspend: host", "{suspnd: host", "events.1.suspnd",
         ("did you mean `suspend`?",)),
    Case("two_verbs", "{suspend: host", "{delist: store, suspend: host", "events.1",
         ("found suspend and delist",)),
    Case("event_without_time", "{suspend: host, at: 2025-03-10T08:00Z, ", "{suspend: host, ", "events.1",
         ("`at` is missing",)),
    Case("event_of_nobody", "{outage: identity", "{outage: idenity", "events.3.outage",
         ("did you mean `identity`?",)),
    Case("outage_without_length", "lasts: {mean: 6 h}", "label: short", "events.3",
         ("`lasts` is missing",)),
    Case("field_of_another_verb", "notice: 30 h", "notice: 30 h, lasts: 3 d", "events.1.lasts",
         ("no meaning for `suspend`",)),
    Case("surge_of_nobody", "surge: casual", "surge: casul", "events.4.surge", ("did you mean `casual`?",)),
    Case("unknown_cause", "because: suspend_host", "because: suspend_hots", "events.2.because",
         ("did you mean `suspend_host`?",)),
    Case("effect_before_cause", "delist: store, at: 9 d", "delist: store, at: 1 d", "events.2.because",
         ("comes later",)),
    Case("circular_causes", "notice: 30 h", "notice: 30 h, because: delist_store", "events",
         ("causes are circular",), line=30),
    Case("ids_twice", "notice: 30 h", "notice: 30 h, id: same}\n  - {restore: host, at: 50 d, id: same",
         "events.2.id", ("ids must differ",), line=32),
    Case("no_such_choice", "counterfactual: kept", "counterfactual: keep", "events.2.counterfactual",
         ("did you mean `kept`?",)),
    # -- response
    Case("response_for_nobody", "    host:\n      search", "    hots:\n      search",
         "response.replace.hots", ("no supplier `hots`",)),
    Case("too_many_engineers", "engineers: 4}", "engineers: 5}", f"{TASKS}.adapt.engineers",
         ("needs 5 engineers, there are 4",)),
    Case("after_unknown", "after: [set_up], takes", "after: [setup], takes", f"{TASKS}.adapt.after.1",
         ("no task or milestone `setup`", "did you mean `set_up`?")),
    Case("after_itself", "after: [set_up], takes", "after: [adapt], takes", f"{TASKS}.adapt.after.1",
         ("wait for itself",)),
    Case("circular_order", "after: [host_found], takes", "after: [host_found, adapt], takes",
         f"{TASKS}.set_up", ("`host.set_up` after `host.adapt` after `host.set_up`",)),
    Case("data_without_bandwidth", ", bandwidth: 1 Gbit/s", "", f"{TASKS}.copy",
         ("`data` needs `bandwidth`",)),
    Case("takes_and_data", "copy: {after", "copy: {takes: 3 d, after", f"{TASKS}.copy.data",
         ("exclude one another",)),
    Case("bandwidth_without_data", "p90: 20 d}", "p90: 20 d}, bandwidth: 1 Gbit/s",
         f"{TASKS}.adapt.bandwidth", ("unused without `data`",)),
    Case("task_without_work", ", takes: {low: 1 d, likely: 2 d, high: 7 d}", "", f"{TASKS}.set_up",
         ("neither `takes`",)),
    Case("nobody_waits_for_the_search", "after: [host_found], takes", "after: [outage], takes", SEARCH,
         ("no task waits for it", "after: [host_found]"), line=39),
    Case("task_called_like_a_milestone", "copy: {after", "notice: {after", f"{TASKS}.notice",
         ("name of a milestone",)),
    Case("restores_indirectly", "restores: {read", "restores: {install",
         "response.replace.host.restores.install", ("does not need `host` directly", "read, use, watch")),
    Case("restores_after_unknown", "restores: {read: [set_up]", "restores: {read: [setup]",
         "response.replace.host.restores.read.1", ("did you mean `set_up`?",)),
    Case("candidates_in_words", "candidates: [{name: first}, {acceptance: 5 %}]", "candidates: many",
         f"{SEARCH}.candidates", ("whole number",)),
    Case("negative_candidates", "candidates: [{name: first}, {acceptance: 5 %}]", "candidates: -1",
         f"{SEARCH}.candidates", ("0 or more",)),
    Case("backups_of_nothing", "monthly_cost: 0.3 million, holds_data: true", "monthly_cost: 0.3 million",
         "backups", ("is unused", "holds_data"), line=47),
    # -- claims and observations
    Case("claim_of_no_measure", "expect:\n  - {measure: downtime", "expect:\n  - {measure: down_time",
         "expect.1.measure", ("did you mean `downtime`?",)),
    Case("claim_of_a_word", "expect:\n  - {measure: downtime", "expect:\n  - {measure: data_lost",
         "expect.1.measure", ("is no number",)),
    Case("claim_in_a_wrong_unit", "at_most: 30 d", "at_most: 30 %", "expect.1.at_most",
         ("not a duration",)),
    Case("claim_of_nothing", "at_most: 30 d, ", "", "expect.1", ("claims nothing",)),
    Case("claim_of_no_strategy", "strategy: warm}", "strategy: wram}", "expect.1.strategy",
         ("did you mean `warm`?",)),
    Case("observed_capability", "measure: downtime.use,", "measure: downtime.usee,", "observed.1.measure",
         ("did you mean `downtime.use`?",)),
    Case("observed_outside_its_interval", "value: 35 d, low: 34 d", "value: 33 d, low: 34 d",
         "observed.1.value", ("between `low` and `high`",)),
    Case("observed_share_of_nothing", "of: 2.3 million, ", "", "observed.2", ("`quantity` needs `of`",)),
    # -- unknowns
    Case("unknown_of_no_path", SCALE, SCALE.replace("casual", "casul"),
         f"unknowns.{SCALE.replace('casual', 'casul').split(':')[0]}", ("did you mean `casual`?",)),
    Case("unknown_of_a_law", "casual.patience.scale: {", "casual.patience: {",
         "unknowns.users.segments.casual.patience",
         ("is a law (weibull)", "`users.segments.casual.patience.scale`")),
    Case("unknown_outside_the_field", SCALE, "users.segments.casual.patience.shape: {low: 0, high: 2}",
         "unknowns.users.segments.casual.patience.shape", ("more than 0",)),
    Case("unknown_of_the_clock", SCALE, "clock.horizon: {low: 10 d, high: 20 d}", "unknowns.clock.horizon",
         ("cannot be unknown",)),
    Case("unknown_of_a_share", SCALE, "users.segments.core.share: {low: 0.1, high: 0.2}",
         "unknowns.users.segments.core.share", ("must make 100 %",)),
    Case("unknowns_that_cross", SCALE, f"{TASKS}.set_up.takes.low: {{low: 1 d, high: 3 d}}",
         f"unknowns.{TASKS}.set_up.takes.low", ("low could be", "cannot cross")),
    Case("unknown_that_nobody_inherits", SCALE, "users.patience.scale: {median: 45 d, p90: 110 d}",
         "unknowns.users.patience.scale", ("is unused",)),
    # -- strategies
    Case("strategy_removes_nothing", "search: null", "serch: null",
         "strategies.warm.response.replace.host.serch", ("removes nothing", "did you mean `search`?")),
    Case("strategy_with_a_wrong_value", "takes: 6 h", "takes: 6", f"{TASKS}.set_up.takes",
         ("has no unit",)),
    Case("strategy_with_a_misspelt_key", "response: {replace: {host: {search: null",
         "response: {replce: {host: {search: null", "response.replce", ("did you mean `replace`?",)),
    Case("strategy_with_its_own_clock", "    label: a warm spare", "    clock: {horizon: 3 d}",
         "strategies.warm.clock", ("cannot differ between strategies",)),
    Case("strategy_that_is_no_patch", "  as_is: {}", "  as_is: fine", "strategies.as_is",
         ("must be a mapping",)),
    Case("baseline_unknown", "strategies:", "baseline: wram\nstrategies:", "baseline",
         ("did you mean `warm`?",)),
    # -- evidence
    Case("source_is_no_text", "source: the invoice", "source: [1]", f"{TASKS}.copy.data.source",
         ("must be text",)),
    Case("source_and_assumption", "source: the invoice", "source: the invoice, assumption: mine",
         f"{TASKS}.copy.data", ("both `source` and `assumption`",)),
    # -- YAML
    Case("python_tag", "every: 24 h", "every: !!python/object/apply:os.system ['exit 1']", "",
         ("the tag `!!python/object/apply:os.system` is not allowed",)),
    Case("own_tag", "every: 24 h", "every: !duration 24 h", "", ("the tag `!duration`",)),
    Case("alias_of_nothing", "every: 24 h", "every: *h", "", ("points to nothing",)),
    Case("alias_of_itself", "targets: {rto", "targets: &t {x: *t, rto", "", ("contains itself",)),
    Case("unclosed_brace", "backups: {every: 24 h}", "backups: {every: 24 h", "",
         ("is not YAML", "not closed"), line=48),
    Case("tab", "backups: {every: 24 h}", "backups:\n\tevery: 24 h", "", ("is not YAML", "spaces"),
         line=48),
    Case("colon_in_text", "title: A network with two hosts", "title: A network: with two hosts", "",
         ("is not YAML", "in quotes")),
    Case("second_document", "headline: use", "---\nheadline: use", "", ("second document",)),
)  # fmt: skip
