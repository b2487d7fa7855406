from understudy.render.known import Known


def test_an_answer_is_found_once_and_the_oldest_goes() -> None:
    known, asked = Known[int](2), []

    def ask(key: str) -> int:
        return known.of(key, lambda: asked.append(key) or len(asked))

    assert [ask("a"), ask("b"), ask("a")] == [1, 2, 1]
    assert ask("c") == 3  # b was asked for longest ago
    assert [ask("a"), ask("b")] == [1, 4]
    assert asked == ["a", "b", "c", "b"]
