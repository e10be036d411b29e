"""Mappings that are looked up, or worked out, when somebody asks for them."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    ItemsView,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from typing import Any, Generic, TypeVar

_Key = TypeVar("_Key")
_Said = TypeVar("_Said")


class Later(Mapping[str, _Said], Generic[_Key, _Said]):
    """What ``look`` finds under a key. It holds nothing itself: of very many returns
    what they say need not be in memory at once."""

    __slots__ = ("_key", "_look")

    def __init__(self, look: Callable[[_Key], Mapping[str, _Said]], key: _Key) -> None:
        self._look, self._key = look, key

    def __getitem__(self, name: str) -> _Said:
        return self._look(self._key)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._look(self._key))

    def __len__(self) -> int:
        return len(self._look(self._key))

    # What ``Mapping`` makes of these asks for each key by itself.
    def keys(self) -> KeysView[str]:
        return self._look(self._key).keys()

    def items(self) -> ItemsView[str, _Said]:
        return self._look(self._key).items()

    def values(self) -> ValuesView[_Said]:
        return self._look(self._key).values()

    @property
    def whole(self) -> Mapping[str, _Said]:
        return self._look(self._key)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process it is an ordinary one."""
        return dict, (dict(self),)


def at_once(said: Mapping[str, _Said]) -> Mapping[str, _Said]:
    """The same, looked up once: for whoever wants much of it."""
    return said.whole if isinstance(said, Later) else said


class Several(Mapping[str, Mapping[str, _Said]]):
    """Of each of some keys, what ``look`` finds: a :class:`Later`, made when asked for."""

    __slots__ = ("_keys", "_look")

    def __init__(
        self, look: Callable[[str], Mapping[str, _Said]], keys: Collection[str]
    ) -> None:
        self._look, self._keys = look, keys

    def __getitem__(self, key: str) -> Mapping[str, _Said]:
        if key not in self._keys:
            raise KeyError(key)
        return Later(self._look, key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class Something(Later[_Key, _Said]):
    """The same, of which it is known that it is not empty."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True
