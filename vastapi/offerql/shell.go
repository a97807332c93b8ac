package offerql

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shellWord is one argument of a command line, quotes and backslashes taken away.
type shellWord struct {
	text   string
	at     []int // where in the line each byte of text stood
	col    int   // where the word began
	end    int   // and ended
	quoted bool  // some of it was quoted: it is no sign of the shell's own
	open   bool  // its last character was not quoted
}

// shellReader splits a line as a POSIX shell does, without carrying anything out.
type shellReader struct {
	line string
	i    int
	word shellWord
	text []byte
}

// quotePairs close what they open. Curly quotes come from pages that make text prettier.
var quotePairs = map[rune]rune{'\'': '\'', '"': '"', '‘': '’', '“': '”'}

// shellWords splits a line into arguments. It stops at what begins another
// command, a pipe or a comment.
func shellWords(line string) ([]shellWord, *Error) {
	r := shellReader{line: line}
	var out []shellWord
	for {
		r.blank()
		if r.i >= len(line) || line[r.i] == '#' {
			return out, nil
		}
		if err := r.read(); err != nil {
			return nil, err
		}
		w := r.word
		if !w.quoted && strings.Trim(w.text, "|&;><12") == "" && strings.ContainsAny(w.text, "|&;><") {
			return out, nil
		}
		if n := len(w.text); w.open && n > 1 && w.text[n-1] == ';' {
			w.text, w.at, w.end = w.text[:n-1], w.at[:n-1], w.end-1
			return append(out, w), nil
		}
		out = append(out, w)
	}
}

// blank moves over white space and continued lines.
func (r *shellReader) blank() {
	for r.i < len(r.line) {
		c, n := utf8.DecodeRuneInString(r.line[r.i:])
		switch {
		case unicode.IsSpace(c):
			r.i += n
		case strings.HasPrefix(r.line[r.i:], "\\\n"):
			r.i += 2
		case strings.HasPrefix(r.line[r.i:], "\\\r\n"):
			r.i += 3
		default:
			return
		}
	}
}

// read reads one word.
func (r *shellReader) read() *Error {
	r.word, r.text = shellWord{col: r.i}, nil
	for r.i < len(r.line) {
		c, n := utf8.DecodeRuneInString(r.line[r.i:])
		if unicode.IsSpace(c) {
			break
		}
		if err := r.piece(c, n); err != nil {
			return err
		}
	}
	r.word.text, r.word.end = string(r.text), r.i
	return nil
}

// piece reads a quoted part of a word, or a character of it.
func (r *shellReader) piece(c rune, n int) *Error {
	if close := quotePairs[c]; close != 0 {
		return r.quote(close, n)
	}
	if c == '\\' {
		r.escape()
		return nil
	}
	if err := r.expands(); err != nil {
		return err
	}
	r.keep(n)
	r.word.open = true
	return nil
}

// quote reads up to the closing quote.
func (r *shellReader) quote(close rune, n int) *Error {
	start := r.i
	r.word.quoted, r.word.open = true, false
	r.i += n
	for r.i < len(r.line) {
		c, n := utf8.DecodeRuneInString(r.line[r.i:])
		switch {
		case c == close:
			r.i += n
			return nil
		case close == '"' && c == '\\' && r.i+1 < len(r.line) && strings.IndexByte("$`\"\\\n", r.line[r.i+1]) >= 0:
			r.escape()
			continue
		case close == '"':
			if err := r.expands(); err != nil {
				return err
			}
		}
		r.keep(n)
	}
	return &Error{Col: start, Len: len(r.line) - start, Kind: BadText, Text: "the quote is not closed"}
}

// escape takes the character behind a backslash as it is; a line end vanishes.
func (r *shellReader) escape() {
	r.i++
	if r.i >= len(r.line) {
		return
	}
	_, n := utf8.DecodeRuneInString(r.line[r.i:])
	if r.line[r.i] == '\n' {
		r.i++
		return
	}
	r.word.quoted, r.word.open = true, false
	r.keep(n)
}

// keep takes n bytes of the line into the word.
func (r *shellReader) keep(n int) {
	for k := range n {
		r.text = append(r.text, r.line[r.i+k])
		r.word.at = append(r.word.at, r.i+k)
	}
	r.i += n
}

// expands refuses what a shell would put another text for. "$0.60" is a price.
func (r *shellReader) expands() *Error {
	rest := r.line[r.i:]
	if rest[0] == '`' || rest[0] == '$' && len(rest) > 1 && (rest[1] == '{' || rest[1] == '(' || isIdent(rest[1]) && !isDigit(rest[1])) {
		return &Error{Col: r.i, Len: 1, Kind: BadText, Text: "what a shell would put here is not known; write the value itself"}
	}
	return nil
}

// shellQuote is s as one argument of a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
