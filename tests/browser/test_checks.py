"""The checks of a page bite: each planted fault is found, or they prove nothing."""

import pytest
from tests.browser.checks import faults_of


pytestmark = pytest.mark.django_db(transaction=True)
PLANTED = {
    "axe image-alt": "document.querySelector('main').append(new Image(1, 1))",
    "scrolls sideways": (
        "const wide = document.createElement('p'); wide.textContent = 'Wide';"
        "document.querySelector('main').append(wide); wide.style.width = '600px'"
    ),
    "small targets": (
        "const low = document.createElement('button'); low.textContent = 'Low';"
        "document.querySelector('main').append(low); low.style.height = '20px';"
        "low.style.minHeight = '0'; low.style.padding = '0'"
    ),
    "console": "console.error('planted')",
    "Content Security Policy": (
        "const inline = document.createElement('script'); inline.textContent = '1';"
        "document.body.append(inline)"
    ),
    "no stylesheet": "document.querySelectorAll('link').forEach(link => link.remove())",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(a_device, fault):
    page = a_device()
    page.goto("/account/login/")
    page.evaluate(PLANTED[fault])
    page.wait_for_timeout(50)
    found = "\n".join(faults_of(page))
    assert fault.lower() in found.lower()


def test_an_error_page_is_no_good_page(a_device):
    page = a_device()
    assert faults_of(page, page.goto("/no/such/page/")) == ["status 404"]
