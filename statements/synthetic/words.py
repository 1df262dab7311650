"""A vocabulary as skewed as that of English news: real words at its head, invented ones behind."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_FUNCTION = """
the of to and a in that is for on it was with as be by at are this have from or not but an they
which we has will he his been were would their there can all if more when who one about our so what
no out up into do than them some could its time these you other new only any may such over also
should after most between those now must because through being how while where before very many just
both under against then during even still each without i my us she her him your me same own too here
why again further once off down few nor
""".split()
_CONTENT = """
people government said country state president world minister rights law policy right year public
national report international work war against security economic court group political party support
members market agreement leaders action climate health council police change system power plan
community money energy human united nations commission statement force border sanctions trade women
children company companies workers economy tax peace talks crisis region regional election vote
voters parliament budget million billion percent growth investment industry jobs prices inflation
bank debt reform justice freedom democracy citizens refugees migrants asylum violence attack
military troops weapons nuclear missile ceasefire occupation territory humanitarian aid emissions
carbon gas oil coal renewable water food farmers land forest biodiversity pollution science
research vaccine pandemic hospital doctors patients education schools teachers students university
housing rent
poverty inequality welfare pensions union strike wages labour discrimination racism minorities
indigenous religion church press journalists media platform technology data privacy internet
artificial intelligence regulation competition corruption investigation evidence allegations charges
trial prison sentence judge lawyers victims abuse torture detention arrest protest demonstrators
opposition coalition conservative liberal leader senator congress bill amendment constitution
referendum independence sovereignty treaty convention charter resolution veto diplomat embassy
ambassador mission delegation summit meeting conference deadline proposal package measure decision
responsibility commitment obligation accountability transparency urgent immediate serious grave
clear necessary unacceptable illegal legitimate credible effective fair sustainable historic
dangerous strong weak condemn reject welcome urge demand call oppose defend protect promote ensure
respect violate threaten undermine strengthen reduce increase end stop start continue implement
negotiate withdraw deploy approve block delay investigate prosecute compensate fund finance invest
build develop deliver provide share accept deny admit warn believe hope expect concerned committed
determined ready willing able
""".split()
_CONSONANTS = "b c d f g k l m n p r s t v z br cr st tr gr pl sh ch".split()
_VOWELS = "a e i o u ai ea ou".split()
_ENDINGS = ["", "n", "r", "s", "l", "t"]
_FORMS = 40_000
_TOPIC_WORDS = 60
_SHARE_OF_TOPIC = 0.12


class Vocabulary:
    """Words to draw texts from, by a law of Zipf and Mandelbrot; each issue favours some."""

    def __init__(self, rng: np.random.Generator, issues: int) -> None:
        words = list(dict.fromkeys(_FUNCTION + _CONTENT))
        known = set(words)
        self.head = len(words)
        while len(words) < _FORMS:
            for drawn in rng.integers(0, 1 << 30, size=(_FORMS, 8)).tolist():
                word = _invented(drawn)
                if word not in known and len(words) < _FORMS:
                    known.add(word)
                    words.append(word)
        self.words = np.array(words, dtype=object)
        weights = 1.0 / (np.arange(len(words)) + 2.7)
        # One very common word that is about something.
        weights[words.index("government")] *= 2
        self._cumulated = np.cumsum(weights / weights.sum())
        first = len(set(_FUNCTION))
        self.topics = rng.integers(first, self.head + 4000, size=(issues, _TOPIC_WORDS))

    def texts(
        self,
        rng: np.random.Generator,
        lengths: npt.NDArray[np.int64],
        issues: npt.NDArray[np.int64],
    ) -> list[str]:
        """A sentence of so many words for each length, in part about the issue (a place)."""
        total = int(lengths.sum())
        drawn = np.searchsorted(self._cumulated, rng.random(total))
        owner = np.repeat(np.arange(len(lengths)), lengths)
        on_topic = rng.random(total) < _SHARE_OF_TOPIC
        chosen = rng.integers(0, _TOPIC_WORDS, int(on_topic.sum()))
        drawn[on_topic] = self.topics[issues[owner[on_topic]], chosen]
        words = self.words[np.minimum(drawn, len(self.words) - 1)].tolist()
        found, begin = [], 0
        for end in np.cumsum(lengths).tolist():
            text = " ".join(words[begin:end])
            found.append(text[0].upper() + text[1:])
            begin = end
        return found

    def names(self, rng: np.random.Generator, count: int) -> list[str]:
        """So many names of two invented words and a number."""
        drawn = self.words[rng.integers(self.head, len(self.words), size=(count, 2))]
        return [f"{a.title()} {b.title()} {number}" for number, (a, b) in enumerate(drawn, start=1)]


def _invented(drawn: list[int]) -> str:
    """A word of two or three syllables, from whole numbers."""
    syllables = [
        _CONSONANTS[first % len(_CONSONANTS)] + _VOWELS[second % len(_VOWELS)]
        for first, second in zip(drawn[0:6:2], drawn[1:6:2], strict=True)
    ]
    return "".join(syllables[: 2 + drawn[6] % 2]) + _ENDINGS[drawn[7] % len(_ENDINGS)]
