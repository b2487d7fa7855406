from understudy.production.progress import Meter, Progress


def test_time_left_follows_the_pace_of_this_run_only() -> None:
    now_s = [0.0]
    told: list[Progress] = []
    meter = Meter(100.0, told.append, clock=lambda: now_s[0])
    meter.keep(50.0)
    now_s[0] = 20.0
    meter.made(5.0)
    assert told[0].left_s is None
    assert told[-1].film_s == 55.0
    assert told[-1].left_s == 45.0 * 20.0 / 5.0


def test_the_plan_never_falls_behind_what_is_made() -> None:
    told: list[Progress] = []
    meter = Meter(1.0, told.append, clock=lambda: 0.0)
    meter.made(3.0)
    assert told[-1].expected_s == 3.0
