"""Explaining a number on the screen: what takes long goes on in the background."""

from tests.tui.harness import asynchronous, network, opened


@asynchronous
async def test_a_long_check_goes_on_in_the_background_and_esc_ends_it() -> None:
    async with opened(network(100, 60, 20, 2, batch=10)) as s:
        await s.press("end")
        s.screen.command("gradcheck")
        assert s.travelling
        await s.press("escape")
        assert not s.travelling
        assert "stopped after" in s.footer
        await s.press("x")
        await s.wait_for(lambda: not s.travelling)
        assert "beside central differences of L" in s.text


@asynchronous
async def test_in_ascii() -> None:
    async with opened(ascii_only=True, at="1:b1") as s:
        s.screen.command("gradcheck W1")
        await s.wait_for(lambda: "> dL_dW1[0,0]" in s.text)
        assert "dL_dW1[1,2]   -1.1528  -1.1528" in s.text
        assert s.text.isascii()
