"""What users do because of others: rivals, friends, newcomers, moves, the door, the network, promises."""

from __future__ import annotations

from tests.broken.case import SOUND, Case

CHURN = "  churn: 0.1 % per day\n"
SURGE = "  - {surge: casual, at: 9 d, times: 4, fades_over: 10 d}\n"
CORE = "    core: {share: 40 %,"
PATIENT = "patience: {law: weibull, shape: 0.8, scale: 200 d}}"


def users(text: str) -> str:
    """One more line about the users."""
    return f"{CHURN}  {text}\n"


def event(text: str) -> str:
    """One more event."""
    return f"{SURGE}  - {{{text}}}\n"


def core(text: str) -> str:
    """More about the core."""
    return f"{CORE} {text},"


def line_of(text: str) -> int:
    """The line after the one that holds a text of the sound file."""
    return SOUND[: SOUND.index(text)].count("\n") + 2


EXTRA, LATER = line_of(CHURN), line_of(SURGE)

USERS = (
    # -- rivals
    Case("rival_without_a_pull", CHURN, users("rivals: {there: {}}"), "users.rivals.there.pull",
         ("is missing",),
         line=EXTRA),
    Case("rival_called_elsewhere", CHURN, users("rivals: {elsewhere: {pull: 1 % per day}}"),
         "users.rivals.elsewhere", ("choose another name",), line=EXTRA),
    Case("rival_called_as_a_segment", CHURN, users("rivals: {core: {pull: 1 % per day}}"),
         "users.rivals.core",
         ("also a segment",), line=EXTRA),
    Case("rival_grows_from_nothing", CHURN, users("rivals: {there: {pull: 1 % per day, grows: 1}}"),
         "users.rivals.there.grows", ("give `users`",), line=EXTRA),
    Case("rival_bounded_without_growth", CHURN, users("rivals: {there: {pull: 1 % per day, at_most: 3}}"),
         "users.rivals.there.at_most", ("give `grows`",), line=EXTRA),
    Case("rival_pulls_without_time", CHURN, users("rivals: {there: {pull: 1 %}}"), "users.rivals.there.pull",
         ("per day",), line=EXTRA),
    Case("drawn_by_nobody", CORE, core("drawn: 2"), "users.segments.core.drawn", ("no `rivals`",)),
    # -- stigma, friends, newcomers
    Case("stigma_returns_more", CHURN, users("stigma: {returning: 150 %}"), "users.stigma.returning",
         ("100",),
         line=EXTRA),
    Case("stigma_of_an_instant", PATIENT, "patience: 9 d, stigma: {leaving: 2}}",
         "users.segments.core.patience",
         ("a law that spreads",)),
    Case("friends_within_nothing", CHURN, users("friends: {within: 3 d}"), "users.friends.within",
         ("`leaves_below`",), line=EXTRA),
    Case("friends_misspelt", CHURN, users("friends: {wating: 3 % per day}"), "users.friends.wating",
         ("did you mean `waiting`?",), line=EXTRA),
    Case("newcomers_never_settle", CHURN, users("newcomers: {churn: 3 % per day}"),
         "users.newcomers.settle_over", ("is missing",), line=EXTRA),
    Case("newcomers_settle_at_once", CHURN, users("newcomers: {churn: 3 % per day, settle_over: 0 d}"),
         "users.newcomers.settle_over", ("more than 0",), line=EXTRA),
    # -- laws made of laws
    Case("mixture_of_one", PATIENT, "patience: {law: mixture, of: [{mean: 9 d}], shares: [100 %]}}",
         "users.segments.core.patience.of", ("two",)),
    Case("mixture_of_less", PATIENT,
         "patience: {law: mixture, of: [{mean: 9 d}, {mean: 90 d}], shares: [60 %, 30 %]}}",
         "users.segments.core.patience.shares", ("90 %",)),
    Case("mixture_with_an_instant", PATIENT,
         "patience: {law: mixture, of: [9 d, {mean: 90 d}], shares: [60 %, 40 %]}}",
         "users.segments.core.patience.of.1", ("constant",)),
    Case("mixture_misspelt", PATIENT,
         "patience: {law: mixture, of: [{mena: 9 d}, {mean: 90 d}], shares: [60 %, 40 %]}}",
         "users.segments.core.patience.of.1.mena", ("did you mean `mean`?",)),
    Case("frailty_of_an_instant", PATIENT, "patience: {law: frailty, of: 3 d, variance: 0.5}}",
         "users.segments.core.patience.of", ("constant",)),
    # -- moves
    Case("move_to_nowhere", CORE, core("moves: {to: casul, share: 9 %}"), "users.segments.core.moves.to",
         ("did you mean `casual`?",)),
    Case("move_to_where_they_are", CORE, core("moves: {to: core, share: 9 %}"),
         "users.segments.core.moves.to",
         ("where they are",)),
    Case("move_from_an_open_way", CORE, core("join_by: none, moves: {to: casual, share: 9 %}"),
         "users.segments.core.moves", ("is unused",)),
    # -- returns, visits, the door
    Case("reopening_fades_from_nothing", CORE, core("returns: {rate: 1 % per day, outage_fades: 9 d}"),
         "users.segments.core.returns.outage_fades", ("give `on_reopening`",)),
    Case("visits_without_time", CORE, core("visits: 3"), "users.segments.core.visits", ("per day",)),
    Case("door_that_admits_nobody_knows", CHURN, users("reopening: {retries: 1}"), "users.reopening.admits",
         ("is missing",), line=EXTRA),
    # -- the network
    Case("network_of_one", CHURN, users("network: {people: 1}"), "users.network.people", ("2",), line=EXTRA),
    Case("network_without_a_file", CHURN, users("network: {kind: edges}"), "users.network",
         ("`file` is missing",), line=EXTRA),
    Case("network_of_a_law_and_ties", CHURN, users("network: {ties: 0-1}"), "users.network.kind",
         ("write `edges`",), line=EXTRA),
    Case("tie_to_oneself", CHURN, users("network: {kind: edges, ties: 0-1 2-2}"), "users.network.ties",
         ("`2-2` is no tie",), line=EXTRA),
    Case("tie_twice", CHURN, users("network: {kind: edges, ties: 0-1 1-0}"), "users.network.ties",
         ("`1-0` stands there twice",), line=EXTRA),
    Case("crowded_groups", CHURN, users("network: {kind: communities, people: 40, groups: 20}"),
         "users.network.groups", ("too small",), line=EXTRA),
    Case("shortcuts_in_no_ring", CHURN, users("network: {rewired: 3 %}"), "users.network.rewired",
         ("only for small_world",), line=EXTRA),
    Case("half_a_friend", CHURN, users("network: {kind: regular, friends: 2.5}"), "users.network.friends",
         ("whole number",), line=EXTRA),
    Case("odd_ring", CHURN, users("network: {kind: small_world, friends: 3}"), "users.network.friends",
         ("even",), line=EXTRA),
    Case("more_friends_than_people", CHURN, users("network: {people: 5, friends: 9}"),
         "users.network.friends",
         ("only 5 people",), line=EXTRA),
    Case("a_tie_with_one_end", CHURN, users("network: {kind: regular, people: 5, friends: 3}"),
         "users.network.friends", ("two ends",), line=EXTRA),
    # -- events of people
    Case("announcement_without_a_time", SURGE, event("announce: users, at: 9 d, holds: 0.5"), "events.5",
         ("`back_within` is missing",), line=LATER),
    Case("announcement_that_nobody_heeds", SURGE, event("announce: users, at: 9 d, back_within: 3 d"),
         "events.5", ("changes nothing",), line=LATER),
    Case("announcement_to_nobody", SURGE, event("announce: cor, at: 9 d, back_within: 3 d, holds: 0.5"),
         "events.5.announce", ("did you mean `core`?",), line=LATER),
    Case("no_rival_to_open", SURGE, event("open: there, at: 9 d"), "events.5.open", ("no rival `there`",),
         line=LATER),
    Case("version_for_nobody", SURGE, event("require: users, at: 9 d"), "events.5", ("`affects` is missing",),
         line=LATER),
    Case("suspension_that_holds", "notice: 30 h}", "notice: 30 h, holds: 0.5}", "events.1.holds",
         ("only for announce",)),
)  # fmt: skip
