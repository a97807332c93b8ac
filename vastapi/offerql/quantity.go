package offerql

import (
	"math"
	"strings"
)

func (p *parser) readNumber(f *Field, it item) (value, *Error) {
	text := strings.TrimSpace(it.text)
	if f.dim == money {
		text = strings.TrimPrefix(text, "$")
	}
	num, suffix, ok := cutNumber(text)
	n, fits := 0., false
	if ok {
		n, fits = readNumber(num)
	}
	if !fits {
		e := &Error{Col: it.col, Len: it.len, Kind: BadNumber, Text: f.Name + " is a number"}
		if ok && suffix == "" {
			e.Text = "the number is too large"
			return value{}, e
		}
		if f.Unit != "" {
			e.Text += " of " + f.Unit
		}
		return value{}, p.atEnd(it, text == "" || text == "-" || text == "." || text == "-." || text == "+", e)
	}
	v := value{num: n}
	if suffix = strings.TrimSpace(suffix); suffix != "" {
		u, ok := findUnit(f, suffix)
		if !ok {
			return value{}, p.badUnit(f, it, suffix)
		}
		v.num, v.exact = tidyFactor(n, u.factor), u.exact
	}
	if p.points && suffix == "" && (f.dim == memory || f.dim == cardMemory) && strings.IndexByte(num, '.') >= 0 {
		v.num, v.exact = tidy(v.num*f.Multiplier), true
	}
	if v.num == 0 {
		v.num = 0 // a negative zero prints otherwise
	}
	if math.IsInf(v.num*f.Multiplier*1024, 0) {
		return value{}, &Error{Col: it.col, Len: it.len, Kind: BadNumber, Text: "the number is too large"}
	}
	return v, p.scale(f, it, num, v)
}

// tidyFactor multiplies without the noise of a hundredth: 99% is 0.99.
func tidyFactor(n, factor float64) float64 {
	if factor == 0.01 {
		return n / 100
	}
	if factor == 0.001 {
		return n / 1000
	}
	return n * factor
}

func (p *parser) badUnit(f *Field, it item, suffix string) *Error {
	e := &Error{Col: it.col, Len: it.len, Kind: BadNumber, Text: suffix + " is no unit of " + f.Name}
	if f.Unit != "" {
		e.Text += ", which is in " + f.Unit
	}
	if name := suffix; strings.ContainsAny(name, "=<>,") {
		e.Text = f.Name + " is a number; a space, not a comma, separates terms"
	}
	low, may := strings.ToLower(suffix), beginsExponent(suffix)
	for _, u := range units {
		if _, fits := findUnit(f, u.suffix); fits && len(u.suffix) > len(low) && strings.HasPrefix(u.suffix, low) {
			may = true
		}
	}
	return p.atEnd(it, may, e)
}

// beginsExponent reports whether suffix is the beginning of an exponent.
func beginsExponent(suffix string) bool { return suffix == "e" || suffix == "e-" || suffix == "e+" }

// scale refuses numbers that are on another scale than the field.
func (p *parser) scale(f *Field, it item, num string, v value) *Error {
	if e := p.impossible(f, it, num, v); e != nil {
		return e
	}
	if f.Name == "compute_cap" && v.num > 0 && v.num < 20 && strings.Contains(num, ".") {
		return &Error{Col: it.col, Len: it.len, Kind: BadScale, Text: "compute_cap counts hundredths: 8.9 is written 890",
			Suggest: printNumber(math.Round(v.num * 100))}
	}
	return nil
}

// looseUnit refuses a unit behind a space: the GB of "24 GB" would be read as a
// word, the United Kingdom.
func (p *parser) looseUnit(f *Field, it item) *Error {
	next := p.skip(p.i)
	end := p.word(next)
	if end == next || end-next > 6 || !isDigit(it.text[len(it.text)-1]) {
		return nil
	}
	suffix := p.s[next:end]
	if _, ok := findUnit(f, suffix); !ok || isDigit(suffix[0]) || end == len(p.s) && p.table.begins(suffix) {
		return nil
	}
	if _, found := p.operatorAt(end); found {
		return nil
	}
	return &Error{Col: it.col, Len: end - it.col, Kind: BadValue, Suggest: it.text + suffix,
		Text: "a unit stands behind its number without a space; to look for the word " + suffix + " put it first"}
}
