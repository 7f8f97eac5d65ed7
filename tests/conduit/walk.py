"""What the public Postman collection of RealWorld asks of Conduit, in its order, and a little more.

Each step is a request of the collection; what it expects there is expected here, with values where
the collection only asks for names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx2

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
ARTICLE = {
    "title": "How to train your dragon",
    "description": "Ever wonder how?",
    "body": "Very carefully.",
    "tagList": ["training", "dragons"],
}
OF_USERS = {"email", "username", "bio", "image", "token"}
OF_PROFILES = {"username", "bio", "image", "following"}
OF_COMMENTS = {"id", "body", "createdAt", "updatedAt", "author"}
OF_ARTICLES = {
    "slug",
    "title",
    "description",
    "body",
    "tagList",
    "createdAt",
    "updatedAt",
    "favorited",
    "favoritesCount",
    "author",
}


@dataclass
class Walk:
    """Two users of a running Conduit, and what they do one after the other."""

    client: httpx2.Client
    username: str
    password: str
    token: str = ""
    slug: str = ""

    def ask(self, method: str, path: str, expected: int = 200, **body: Any) -> Any:
        """Send a request of the user, or of nobody if there is no token yet."""
        headers = {"X-Requested-With": "XMLHttpRequest"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        answer = self.client.request(method, f"/api{path}", headers=headers, json=body or None)
        assert answer.status_code == expected, (method, path, answer.text)
        return answer.json() if answer.content else None

    def accounts(self) -> None:
        """Register, log in, and change oneself."""
        email = f"{self.username}@mail.example"
        user = {"email": email, "username": self.username, "password": self.password}
        is_user(self.ask("POST", "/users", 201, user=user)["user"], **user)
        login = {"email": email, "password": self.password}
        logged_in = self.ask("POST", "/users/login", user=login)["user"]
        is_user(logged_in, email=email)
        self.ask("GET", "/user", 401)
        self.token = logged_in["token"]
        is_user(self.ask("GET", "/user")["user"], token=self.token)
        is_user(self.ask("PUT", "/user", user={"email": email})["user"], bio=None)
        changes = {"bio": "I tame dragons.", "image": "https://dragons.example/me.png"}
        is_user(self.ask("PUT", "/user", user=changes)["user"], **changes)
        self.ask("PUT", "/user", 422, user={"email": "other@mail.example"})
        is_user(self.ask("GET", "/user")["user"], **changes, email=email)

    def nothing_yet(self) -> None:
        """Lists are empty for whoever is not logged in."""
        for query in ("", "?author=johnjacob", f"?favorited={self.username}", "?tag=dragons"):
            assert self.ask("GET", f"/articles{query}") == {"articles": [], "articlesCount": 0}

    def articles(self) -> None:
        """Write an article, and find it."""
        made = self.ask("POST", "/articles", 201, article=ARTICLE)["article"]
        is_article(made, **{**ARTICLE, "tagList": ["dragons", "training"]})
        assert made["author"]["username"] == self.username
        assert made["author"]["bio"] == "I tame dragons."
        self.slug = made["slug"]
        assert self.slug == "how-to-train-your-dragon"
        assert self.ask("GET", "/articles/feed") == {"articles": [], "articlesCount": 0}
        for query in ("", f"?author={self.username}", "?tag=dragons", "?limit=1"):
            self.is_only(self.ask("GET", f"/articles{query}"), slug=self.slug)
        is_article(self.ask("GET", f"/articles/{self.slug}")["article"], slug=self.slug)
        self.ask("GET", "/articles/no-such-article", 404)
        changed = self.ask("PUT", f"/articles/{self.slug}", article={"body": "With two hands"})
        is_article(changed["article"], body="With two hands", tagList=["dragons", "training"])

    def favorites(self) -> None:
        """Make the article a favorite, and take that back; twice is as good as once."""
        for _ in range(2):
            liked = self.ask("POST", f"/articles/{self.slug}/favorite")["article"]
            is_article(liked, favorited=True, favoritesCount=1)
        found = self.ask("GET", f"/articles?favorited={self.username}")
        self.is_only(found, favoritesCount=1)
        for _ in range(2):
            disliked = self.ask("DELETE", f"/articles/{self.slug}/favorite")["article"]
            is_article(disliked, favorited=False, favoritesCount=0)

    def comments(self) -> None:
        """Comment on the article, and take that back."""
        path = f"/articles/{self.slug}/comments"
        body = {"body": "Thank you so much!"}
        made = self.ask("POST", path, comment=body)["comment"]
        is_comment(made, **body)
        (found,) = self.ask("GET", path)["comments"]
        assert found == made
        token, self.token = self.token, ""
        (found,) = self.ask("GET", path)["comments"]
        assert found == made
        self.ask("DELETE", f"{path}/{made['id']}", 401)
        self.token = token
        self.ask("DELETE", f"{path}/{made['id']}", 204)
        assert self.ask("GET", path) == {"comments": []}
        self.ask("DELETE", f"{path}/{made['id']}", 404)

    def profiles(self) -> None:
        """Follow somebody, read what that one writes, and no longer."""
        celeb = Walk(self.client, f"celeb-{self.username}", self.password)
        celeb.accounts()
        article = celeb.ask("POST", "/articles", 201, article={**ARTICLE, "tagList": ["Fame"]})
        slug = article["article"]["slug"]
        assert slug != self.slug
        path = f"/profiles/{celeb.username}"
        is_profile(self.ask("GET", path)["profile"], following=False)
        followed = self.ask("POST", f"{path}/follow", user={"email": "of@nobody.example"})
        is_profile(followed["profile"], following=True)
        feed = self.ask("GET", "/articles/feed")
        self.is_only(feed, slug=slug)
        is_profile(feed["articles"][0]["author"], following=True)
        self.ask("PUT", f"/articles/{slug}", 403, article={"body": "Not mine"})
        self.ask("DELETE", f"/articles/{slug}", 403)
        is_profile(self.ask("DELETE", f"{path}/follow")["profile"], following=False)
        assert self.ask("GET", "/articles/feed")["articlesCount"] == 0
        self.ask("GET", "/profiles/nobody", 404)

    def tags(self) -> None:
        """List the tags, and remove the article."""
        assert self.ask("GET", "/tags") == {"tags": ["dragons", "Fame", "training"]}
        self.ask("DELETE", f"/articles/{self.slug}", 204)
        self.ask("GET", f"/articles/{self.slug}", 404)

    def is_only(self, found: Any, **values: Any) -> None:
        """Expect one article in a list."""
        (article,) = found["articles"]
        is_article(article, **values)
        assert found["articlesCount"] == 1


def is_user(user: Any, **values: Any) -> None:
    """Expect a user who has these values; a password is never shown."""
    values.pop("password", None)
    assert user.keys() >= OF_USERS
    assert "password" not in user
    assert user | values == user


def is_profile(profile: Any, **values: Any) -> None:
    """Expect a profile that has these values."""
    assert profile.keys() >= OF_PROFILES
    assert profile | values == profile


def is_comment(comment: Any, **values: Any) -> None:
    """Expect a comment that has these values."""
    assert comment.keys() >= OF_COMMENTS
    assert MOMENT.fullmatch(comment["createdAt"])
    assert MOMENT.fullmatch(comment["updatedAt"])
    assert comment | values == comment


def is_article(article: Any, **values: Any) -> None:
    """Expect an article that has these values."""
    assert article.keys() >= OF_ARTICLES
    assert MOMENT.fullmatch(article["createdAt"])
    assert MOMENT.fullmatch(article["updatedAt"])
    assert article | values == article
