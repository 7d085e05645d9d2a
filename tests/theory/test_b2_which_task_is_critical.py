"""Which of two parallel exponential tasks is the critical one.

Porting takes 4 d on average, the transfer 2.5 d. E max = 4 + 2.5 - 1 / (1/4 + 1/2.5) = 4.961538... d,
E min = 1.538461... d, and porting is critical with probability (1/2.5) / (1/4 + 1/2.5) = 0.615384...

Source: V. G. Kulkarni, V. G. Adlakha, Markov and Markov-regenerative PERT networks, Operations Research 34
(1986) 769-781. 4,000 replications: |z| <= 4 sees an error of 5 % of E max, of 6.3 % of E min, and of 0.031 of
the probability.
"""

from __future__ import annotations

from tests.supplies import DAY, causes, many, platform, share_z, z_score

E_MAX, E_MIN, PORT_CRITICAL = 4.9615384615384615385, 1.5384615384615384615, 0.61538461538461538462


def test_the_criticality_of_two_parallel_tasks() -> None:
    tasks = {"port": {"takes": {"mean": "4 d"}}, "transfer": {"takes": {"mean": "2.5 d"}}}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(events=events, response={"detection": "0 h", "replace": {"host": {"tasks": tasks}}})
    longest, shortest, port = [], [], 0
    for timeline in many(scenario, blocks=20):
        ((cause, _, hours),) = causes(timeline)
        longest.append(hours / DAY)
        shortest.append(min(r.end for r in timeline.records if r.kind == "task") / DAY - 10)
        port += cause == "host.port"
    assert abs(z_score(longest, E_MAX)) <= 4
    assert abs(z_score(shortest, E_MIN)) <= 4
    assert abs(share_z(port, len(longest), PORT_CRITICAL)) <= 4
