package ascii

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// twins are the glyphs of one cell that the program draws, and what stands for each. Signs that
// stand beside one another and mean different things have different twins.
var twins = map[rune]byte{
	'\u00a0': ' ', '°': '\'', '·': '|', '×': 'x', '÷': '/', 'ü': 'u', 'µ': 'u', '®': 'r', '©': 'c', '™': 't',
	'–': '-', '—': '-', '−': '-', '‘': '\'', '’': '\'', '“': '"', '”': '"', '…': '~', '•': '*',
	'‹': '<', '›': '>', '←': '<', '↑': '^', '→': '>', '↓': 'v', '❯': '>',
	'≈': '~', '≠': '!', '≤': '<', '≥': '>',
	'─': '-', '━': '=', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+',
	'╭': '+', '╮': '+', '╯': '+', '╰': '+',
	'▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '█': '#', '▌': '>', '░': '.', '▒': ':', '▓': '%',
	'■': '#', '▲': '^', '▴': '^', '▸': '>', '▼': 'v', '▽': 'v', '▾': 'v', '◂': '<',
	'○': 'o', '●': '*', '◐': '%', '✓': '+', '✗': 'x', '\ufffd': '?',
}

// The first and last glyphs that are made by reckoning: braille of charts, and the pictures that
// stand for control characters in texts from outside.
const (
	firstDots, lastDots       = 0x2800, 0x28ff
	firstPicture, lastPicture = 0x2400, 0x2426
)

// Of returns what stands for a glyph; ok is false for ASCII and for what is no glyph of the
// program's, such as a letter in the user's own text.
func Of(r rune) (twin byte, ok bool) {
	switch {
	case r < utf8.RuneSelf:
		return 0, false
	case r >= firstDots && r <= lastDots:
		return ofDots(uint8(r - firstDots)), true
	case r >= firstPicture && r <= lastPicture:
		return '?', true
	}
	twin, ok = twins[r]
	return twin, ok
}

// upper are the dots of the upper half of a cell of braille.
const upper = 0b00011011

// ofDots is the sign that has its ink about where the dots of a cell are.
func ofDots(dots uint8) byte {
	switch n := bits.OnesCount8(dots); {
	case n == 0:
		return ' '
	case n >= 6:
		return '#'
	case dots&^upper == 0:
		return '\''
	case dots&upper == 0:
		return '.'
	}
	return ':'
}

// Frame returns s with every glyph of the program's replaced by its twin, which takes one cell as the
// glyph does. Escape sequences, and what else is not a glyph of the program's, stay.
func Frame(s string) string {
	at := beyond(s)
	if at == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for at < len(s) {
		b.WriteString(s[:at])
		r, n := utf8.DecodeRuneInString(s[at:])
		if twin, ok := Of(r); ok && n > 1 {
			b.WriteByte(twin)
		} else {
			b.WriteString(s[at : at+n])
		}
		s = s[at+n:]
		at = beyond(s)
	}
	b.WriteString(s)
	return b.String()
}

// beyond is where the first character beyond ASCII begins, or the length of s.
func beyond(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}
