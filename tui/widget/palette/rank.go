package palette

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How well a word fits a text. What begins with it comes before what has a word that
// begins with it, that before what holds it anywhere, and that before what has its
// letters in their order.
const (
	whole       = 1000
	prefix      = 800
	wordStart   = 600
	inside      = 400
	subsequence = 200
	// spread is by how much a match is worth less the later and the looser it is:
	// never so much that a lower kind of match would be better.
	spread = 99
)

// Query is a line split into the words that all have to fit.
type Query struct {
	words []string // folded
	whole string   // folded, with one space between two words
}

// NewQuery reads a line.
func NewQuery(line string) Query {
	var q Query
	var word, all []rune
	end := func() {
		if len(word) > 0 {
			if len(all) > 0 {
				all = append(all, ' ')
			}
			all = append(all, word...)
			q.words = append(q.words, string(word))
			word = word[:0]
		}
	}
	for _, r := range line {
		if unicode.IsSpace(r) {
			end()
			continue
		}
		word = append(word, fold(r))
	}
	end()
	q.whole = string(all)
	return q
}

// Empty reports whether nothing was typed.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Digits reports whether a digit was typed.
func (q Query) Digits() bool { return strings.ContainsAny(q.whole, "0123456789") }

// Rank is how well a text fits, higher is better, and whether it fits at all. An
// empty query fits everything alike.
func (q Query) Rank(text string) (int, bool) {
	if len(q.words) == 0 {
		return 0, true
	}
	if len(q.words) > 1 {
		if at, kind := find(text, q.whole); kind >= inside {
			return kind + loose(at), true
		}
	}
	least := whole
	for _, w := range q.words {
		at, kind := find(text, w)
		if kind == 0 {
			return 0, false
		}
		least = min(least, kind+loose(at))
	}
	return least, true
}

// leastAlso is how many letters of a word that is not shown have to be typed, unless it is
// shorter and typed wholly.
const leastAlso = 3

// unseen reports whether enough was typed to mean a word among some that are not shown.
func unseen(words, w string) bool {
	return len(w) >= leastAlso || strings.Contains(" "+words+" ", " "+w+" ")
}

// RankWords is how well a text together with other words for the same fits, and whether
// every word of the query begins a word of these. Words may begin one of about as well,
// but not all of them.
func (q Query) RankWords(text, also, about string) (int, bool) {
	least, own := whole, false
	for _, w := range q.words {
		score := 0
		if at, kind := find(text, w); kind >= wordStart {
			score = wordStart + loose(at)
		}
		if at, kind := find(also, w); kind >= wordStart && unseen(also, w) {
			score = max(score, wordStart+loose(at))
		}
		if score > 0 {
			own = true
		} else if _, kind := find(about, w); kind >= wordStart && unseen(about, w) {
			score = inside
		}
		if score == 0 {
			return 0, false
		}
		least = min(least, score)
	}
	return least, own
}

// Loose reports whether a score is that of a text which has the letters of a word in
// their order only.
func Loose(score int) bool { return score < inside }

func loose(at int) int { return max(0, spread-at) }

// find says how a folded word fits a text: the kind of match, 0 = none, and how far
// behind or how loose it is.
func find(text, word string) (at, kind int) {
	gaps, ok := scattered(text, word)
	if !ok {
		return 0, 0 // nor does it stand there in one piece
	}
	best, bestAt := 0, 0
	n, start := 0, true
	for i, r := range text {
		if holds(text[i:], word) {
			switch {
			case i == 0 && len(text) == len(word):
				return 0, whole
			case i == 0:
				return min(spread, len(text)-len(word)), prefix
			case start:
				return n, wordStart
			case best == 0:
				best, bestAt = inside, n
			}
		}
		start = !unicode.IsLetter(r) && !unicode.IsDigit(r)
		n++
	}
	if best > 0 {
		return bestAt, best
	}
	return gaps, subsequence
}

// holds reports whether a text begins with a folded word, in any case.
func holds(text, word string) bool {
	for _, want := range word {
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || fold(r) != want {
			return false
		}
		text = text[size:]
	}
	return true
}

// scattered reports whether the letters of a word stand in a text in their order, and
// how many others stand between them. A single letter or digit is found as such only.
func scattered(text, word string) (gaps int, ok bool) {
	want, size := utf8.DecodeRuneInString(word)
	rest, begun := word[size:], false
	for _, r := range text {
		if fold(r) != want {
			if begun {
				gaps++
			}
			continue
		}
		begun = true
		if rest == "" {
			return gaps, true
		}
		want, size = utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	return 0, false
}

// fold makes letters alike that differ in case only; what joins words is a space.
func fold(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case r == '_' || r == '-':
		return ' '
	case r < utf8.RuneSelf:
		return r
	}
	return unicode.ToLower(r)
}
