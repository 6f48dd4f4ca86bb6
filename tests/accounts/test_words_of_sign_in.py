"""The pages of signing in speak as all others do: allauth's own words for a user name and a code are not ours."""

from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.contrib.messages import get_messages
from django.test import Client
from django.utils.translation import gettext, override

from gewu.domain.accounts.adapter import SAID_BY_ALLAUTH
from gewu.domain.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "label"), [("zh-hans", "用户名"), ("zh-hant", "用戶名"), ("en", "Username")]
)
def test_the_user_name_is_called_as_on_the_other_pages(language: str, label: str) -> None:
    page = Client(headers={"accept-language": language}).get("/account/login/").content.decode()
    assert f">{label}</label>" in page
    assert "使用者" not in page


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "用户名或密码不正确。"), ("zh-hant", "用戶名或密碼不正確。")]
)
def test_a_wrong_password_is_told_in_the_same_words(language: str, said: str) -> None:
    client = Client(headers={"accept-language": language})
    page = client.post("/account/login/", {"login": "nobody", "password": "wrong"}).content.decode()
    assert said in page


def test_the_code_of_a_second_factor_is_no_code_of_a_row() -> None:
    with override("zh-hans"):
        assert gettext("Code") == "验证码"
        assert str(get_adapter().error_messages["incorrect_code"]) == "验证码不正确。"


def test_every_word_is_one_that_allauth_says() -> None:
    """Else a new version of allauth would speak with its own words again, and nobody would notice."""
    sources = [path.read_text(encoding="utf-8") for path in Path(allauth.__file__).parent.rglob("*.py")]
    pages = [
        path.read_text(encoding="utf-8") for path in Path(allauth.__file__).parent.rglob("messages/*.txt")
    ]
    for words in SAID_BY_ALLAUTH:
        in_code = any(f'_("{words}")' in source or f'"{words}"\n' in source for source in sources)
        on_page = f"%}}{words.replace('%(name)s', '{{name}}')}{{%"
        assert in_code or any(on_page in page for page in pages), words


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "已登录：clerk"), ("zh-hant", "已登錄：clerk")])
def test_whoever_has_signed_in_is_told_as_whom(language: str, said: str) -> None:
    password = make_password("correct horse")
    User.objects.create(username="clerk", name="李四", language=language, password=password)
    client = Client(headers={"accept-language": language})
    answer = client.post("/account/login/", {"login": "clerk", "password": "correct horse"})
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [said]
