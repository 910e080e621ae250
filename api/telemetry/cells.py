"""`Cells`: numbers that each worker counts in a slot of its own, in memory that all of them see, so that any can add them up."""

import mmap

_SIZE = 8


class Cells:
    """`count` numbers for each of `slots` workers; made before they are forked."""

    def __init__(self, count: int, slots: int = 1) -> None:
        self._count = count
        self._memory = mmap.mmap(
            -1, count * slots * _SIZE
        )  # anonymous and shared: it outlives a fork, and no file is needed
        numbers = memoryview(self._memory).cast("d")
        self._slots = [numbers[start : start + count] for start in range(0, count * slots, count)]
        self.own = self._slots[0]
        """Those that this process counts in; no other one writes to them."""

    @property
    def slots(self) -> int:
        """How many workers can count."""
        return len(self._slots)

    def claim(self, slot: int) -> None:
        """From now on this process counts in the slot, which goes on where a worker before it ended."""
        self.own = self._slots[slot]

    def of_each(self, cell: int) -> list[float]:
        """The number of every slot."""
        return [numbers[cell] for numbers in self._slots]

    def totals(self) -> list[float]:
        """Each number, summed over the slots."""
        return [sum(numbers) for numbers in zip(*(slot.tolist() for slot in self._slots), strict=True)]
