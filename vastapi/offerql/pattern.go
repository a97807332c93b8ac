package offerql

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// Patterns are regular expressions of Go's regexp, letters in any case, which
// take time in proportion to the text whatever they are. What multiplies that
// time is their size, so it is bounded.
const (
	maxPattern = 128 // bytes of a pattern
	maxProgram = 600 // steps that it comes to, repetitions written out
)

// HasPattern reports whether q looks for a pattern, which takes some hundred times
// as long as other terms do.
func (q Query) HasPattern() bool {
	return slices.ContainsFunc(q.terms, func(t term) bool {
		return t.op == opLike || t.op == opNotLike || slices.ContainsFunc(t.words, func(w word) bool { return w.class == patternWord })
	})
}

// isPattern reports whether the byte begins a pattern.
func isPattern(c byte) bool { return c == '~' }

// pattern reads what stands behind a "~": to the next white space, or in quotes.
func (p *parser) pattern() (word, *Error) {
	start := p.i - 1
	if p.end() || p.space(p.i) > 0 {
		kind := BlankValue
		if p.end() {
			kind = Unfinished
		}
		return word{}, &Error{Col: start, Len: 1, Kind: kind, Text: "a pattern is missing behind ~, e.g. ~^RTX.40"}
	}
	from, to, quoted := p.i, p.run(p.i), false
	if q := p.s[p.i]; q == '"' || q == '\'' {
		n := strings.IndexByte(p.s[p.i+1:], q)
		if n < 0 {
			return word{}, &Error{Col: p.i, Len: len(p.s) - p.i, Kind: Unfinished, Text: "the quote is not closed"}
		}
		from, to, quoted = p.i+1, p.i+1+n, true
	}
	text := p.s[from:to]
	re, err := compilePattern(text, from)
	if err != nil {
		// More letters may close what is open.
		if err.Kind == Unfinished && (quoted || to < len(p.s)) {
			err.Kind = BadPattern
		}
		return word{}, err
	}
	if p.i = to; quoted {
		p.i++
	}
	return word{class: patternWord, text: text, low: text, re: re}, nil
}

// compilePattern makes a pattern that stands at a column of the query.
func compilePattern(text string, col int) (*regexp.Regexp, *Error) {
	bad := func(kind ErrorKind, why string) *Error {
		return &Error{Col: col, Len: max(len(text), 1), Kind: kind, Text: why}
	}
	if text == "" {
		e := bad(BlankValue, "there is nothing in the quotes")
		e.Len = 0
		return nil, e
	}
	if len(text) > maxPattern {
		return nil, bad(BadPattern, "a pattern has at most "+strconv.Itoa(maxPattern)+" bytes")
	}
	tree, err := syntax.Parse(text, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return nil, badPattern(err, text, col)
	}
	if steps(tree) > maxProgram {
		return nil, bad(BadPattern, "the pattern repeats too much")
	}
	re, err := regexp.Compile("(?i)" + text)
	if err != nil {
		return nil, badPattern(err, text, col)
	}
	return re, nil
}

// steps is about how many instructions a pattern becomes.
func steps(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)/2
	for _, sub := range re.Sub {
		n = min(n+steps(sub), maxProgram+1)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, maxProgram+1)
}

// patternMistakes are the mistakes of patterns in the user's words.
var patternMistakes = map[syntax.ErrorCode]string{
	syntax.ErrInvalidCharClass: "this is no set of characters", syntax.ErrInvalidCharRange: "the range of characters ends before it begins",
	syntax.ErrInvalidEscape: "there is nothing that is written with this backslash", syntax.ErrInvalidPerlOp: "there is no such group: (?:a|b) or (a|b)",
	syntax.ErrInvalidNamedCapture: "there is no such group: (?:a|b) or (a|b)", syntax.ErrInvalidRepeatOp: "two repetitions follow each other",
	syntax.ErrInvalidRepeatSize: "a repetition is {2} or {2,5}, and not above 1000", syntax.ErrInvalidUTF8: "a pattern is text",
	syntax.ErrMissingBracket: "the set [ is not closed with ]", syntax.ErrMissingParen: "the group ( is not closed with )",
	syntax.ErrUnexpectedParen: "the ) closes nothing; for the sign itself write \\)", syntax.ErrTrailingBackslash: "a backslash needs a sign behind it",
	syntax.ErrMissingRepeatArgument: "there is nothing to repeat before this sign; for the sign itself put a backslash before it",
	syntax.ErrNestingDepth:          "the groups are nested too deeply", syntax.ErrLarge: "the pattern is too large",
}

// badPattern says where in a pattern the mistake is, as far as that is told.
func badPattern(err error, text string, col int) *Error {
	e := &Error{Col: col, Len: len(text), Kind: BadPattern, Text: "this is no pattern"}
	var s *syntax.Error
	if !errors.As(err, &s) {
		return e
	}
	if say := patternMistakes[s.Code]; say != "" {
		e.Text = say
	}
	if at := strings.LastIndex(text, s.Expr); at >= 0 && s.Expr != "" && s.Expr != text {
		e.Col, e.Len = col+at, len(s.Expr)
	}
	switch s.Code {
	case syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrTrailingBackslash:
		e.Kind = Unfinished
	}
	return e
}

// printPattern quotes a pattern that would otherwise end early. One that holds
// both kinds of quotes was written without any. Closed says that something which
// is no space may follow; signed that it stands behind an operator, which a sign
// at its beginning would go on.
func printPattern(text string, closed, signed bool) string {
	quoted := closed || text[0] == '"' || text[0] == '\'' || signed && (isSign(text[0]) || text[0] == '~')
	for i := 0; i < len(text) && !quoted; i++ {
		quoted = (&scanner{s: text}).space(i) > 0
	}
	switch {
	case !quoted:
		return text
	case strings.Contains(text, `"`):
		return "'" + text + "'"
	}
	return `"` + text + `"`
}

// likeness reads the pattern of a comparison: gpu_name~^RTX.
func (p *parser) likeness(t *term, o operator) *Error {
	if t.field.text == nil {
		return &Error{Col: o.start, Len: o.end - o.start, Kind: BadOperator,
			Text: t.field.Name + " is no text: it takes " + strings.Join(t.field.Ops, " "), Suggest: "="}
	}
	p.i = o.end
	if next := p.skip(p.i); next < len(p.s) {
		p.i = next
	}
	at := p.i
	w, err := p.pattern()
	if err != nil {
		if err.Col < at {
			err.Col, err.Len = o.start, o.end-o.start
		}
		return err
	}
	if !p.end() && p.space(p.i) == 0 {
		return p.behindQuotes()
	}
	t.words = []word{w}
	return nil
}

func (p *parser) behindQuotes() *Error {
	return &Error{Col: p.i, Len: max(p.run(p.i)-p.i, 1), Kind: BadText, Text: "there is text behind the quotes; a space is missing"}
}

// like reports whether the field's text is like the pattern, and whether there is
// a text at all. A place is its country code and what the host says of it.
func (c *check) like(o *vastapi.Offer) (like, told bool) {
	s := c.field.text(o)
	re := c.words[0].re
	if c.field.Kind == Place {
		full := o.Geolocation.String()
		return s != "" && re.MatchString(s) || full != "" && re.MatchString(full), s != "" || full != ""
	}
	return s != "" && re.MatchString(s), s != ""
}

// matchPattern looks for a pattern where words are looked for, in each text by itself.
func (w *word) matchPattern(o *vastapi.Offer) bool {
	for _, s := range [...]string{o.GPUName.String(), o.Geolocation.String(), o.CPUName.String()} {
		if s != "" && w.re.MatchString(s) {
			return true
		}
	}
	var buf [20]byte
	for _, id := range [...]int64{int64(o.MachineID), int64(o.HostID)} {
		if id > 0 && w.re.Match(strconv.AppendInt(buf[:0], id, 10)) {
			return true
		}
	}
	return false
}
