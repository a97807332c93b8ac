package vastapi

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The answers need a reader of their own: they hold NaN and Infinity, which are
// no JSON, now and then a row that is broken while the others are good, and
// tens of megabytes of fields nobody asks for. This one makes a single pass,
// leaves out what it is not asked for without recursion, and takes the last of
// duplicate keys.

var (
	errShort  = errors.New("the answer ends too early")
	errSyntax = errors.New("the answer is not JSON")
	errObject = errors.New("an object is missing")
	errArray  = errors.New("a list is missing")
)

// scanner walks over JSON text.
type scanner struct {
	b []byte
	i int
}

// kind is what a value begins with.
type kind byte

const (
	kindNull   kind = '0'
	kindTrue   kind = 't'
	kindFalse  kind = 'f'
	kindNumber kind = 'n' // NaN and Infinity as well
	kindString kind = '"'
	kindObject kind = '{'
	kindArray  kind = '['
)

// value is one JSON value: for a string what stands between the quotes, for
// everything else the text itself. It is valid as long as the answer's bytes.
type value struct {
	kind    kind
	escaped bool // the string holds backslashes
	raw     []byte
}

// peek returns the next byte that is not white space, 0 at the end. A byte
// order mark at the very beginning is white space.
func (s *scanner) peek() byte {
	if s.i < len(s.b) && s.b[s.i] > ' ' && s.b[s.i] < utf8.RuneSelf {
		return s.b[s.i]
	}
	return s.pastSpace()
}

// pastSpace is peek where there may be white space, or nothing more.
func (s *scanner) pastSpace() byte {
	if s.i == 0 && bytes.HasPrefix(s.b, []byte("\xef\xbb\xbf")) {
		s.i = 3
	}
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\n', '\t', '\r':
			s.i++
		default:
			return c
		}
	}
	return 0
}

// end reports whether nothing but white space is left.
func (s *scanner) end() bool { return s.peek() == 0 && s.i >= len(s.b) }

// object calls each for every key; each must consume the value.
func (s *scanner) object(each func(key []byte) error) error {
	if s.peek() != '{' {
		return errObject
	}
	s.i++
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		key, err := s.key()
		if err != nil {
			return err
		}
		if err := each(key); err != nil {
			return err
		}
		if more, err := s.more('}'); !more {
			return err
		}
	}
}

func (s *scanner) key() ([]byte, error) {
	if s.peek() != '"' {
		return nil, s.broken()
	}
	v, err := s.text()
	if err != nil {
		return nil, err
	}
	if s.peek() != ':' {
		return nil, s.broken()
	}
	s.i++
	if v.escaped {
		return []byte(v.str()), nil
	}
	return v.raw, nil
}

// fields calls each with every key and value of an object.
func (s *scanner) fields(each func(key []byte, v value) error) error {
	return s.object(func(key []byte) error {
		v, err := s.value()
		if err != nil {
			return err
		}
		return each(key, v)
	})
}

// array calls each for every element; each must consume it.
func (s *scanner) array(each func() error) error {
	if s.peek() != '[' {
		return errArray
	}
	s.i++
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		if more, err := s.more(']'); !more {
			return err
		}
	}
}

// more consumes a comma, or the closing bracket after the last element.
func (s *scanner) more(closing byte) (bool, error) {
	switch s.peek() {
	case ',':
		s.i++
		return true, nil
	case closing:
		s.i++
		return false, nil
	}
	return false, s.broken()
}

func (s *scanner) broken() error {
	if s.i >= len(s.b) {
		return errShort
	}
	return errSyntax
}

// value consumes one value of any kind.
func (s *scanner) value() (value, error) {
	switch c := s.peek(); c {
	case 0:
		return value{}, s.broken()
	case '"':
		return s.text()
	case '{', '[':
		start := s.i
		if err := s.skip(); err != nil {
			return value{}, err
		}
		return value{kind: kind(c), raw: s.b[start:s.i]}, nil
	}
	return s.token()
}

// text consumes a string.
func (s *scanner) text() (value, error) {
	start := s.i + 1
	v := value{kind: kindString}
	if n := bytes.IndexByte(s.b[start:], '"'); n >= 0 && bytes.IndexByte(s.b[start:start+n], '\\') < 0 {
		v.raw, s.i = s.b[start:start+n], start+n+1
		return v, nil
	}
	for i := start; i < len(s.b); i++ {
		switch s.b[i] {
		case '"':
			v.raw, s.i = s.b[start:i], i+1
			return v, nil
		case '\\':
			v.escaped = true
			i++
		}
	}
	s.i = len(s.b)
	return v, errShort
}

// token consumes a number or a word.
func (s *scanner) token() (value, error) {
	raw := s.word()
	v := value{kind: kindNumber, raw: raw}
	if len(raw) > 0 && raw[0] >= '0' && raw[0] <= '9' {
		return v, nil // as nearly all are
	}
	switch string(raw) {
	case "null":
		v.kind = kindNull
	case "true":
		v.kind = kindTrue
	case "false":
		v.kind = kindFalse
	case "NaN", "nan", "Infinity", "-Infinity", "+Infinity", "inf", "-inf":
	default:
		if len(raw) == 0 || raw[0] != '-' {
			return v, s.broken()
		}
	}
	return v, nil
}

// word consumes everything up to the next delimiter.
func (s *scanner) word() []byte {
	start := s.i
	rest := s.b[start:]
	n := 0
	for n < len(rest) && !delimits[rest[n]] {
		n++
	}
	s.i += n
	return rest[:n]
}

// delimits tells of each byte whether it ends a number or a word.
var delimits = func() (ends [256]bool) {
	for c := range byte(' ' + 1) {
		ends[c] = true
	}
	for _, c := range []byte(`,}]:"{[`) {
		ends[c] = true
	}
	return ends
}()

// skip consumes one value without looking into it, also one that is no value at
// all, so that a broken row can be left behind. It counts brackets: the depth of
// an answer costs nothing.
func (s *scanner) skip() error {
	depth := 0
	for {
		switch s.peek() {
		case 0:
			return s.broken()
		case '"':
			if _, err := s.text(); err != nil {
				return err
			}
		case '{', '[':
			depth++
			s.i++
		case '}', ']':
			if depth--; depth < 0 {
				return errSyntax
			}
			s.i++
		case ',', ':':
			if depth == 0 {
				return errSyntax
			}
			s.i++
			continue
		default:
			if len(s.word()) == 0 { // a control character
				return errSyntax
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// str returns the string; any other scalar as it is written; nothing for null.
func (v value) str() string {
	switch {
	case v.kind == kindNull:
		return ""
	case v.escaped:
		return unescape(v.raw)
	}
	return string(v.raw)
}

// words is str for what is shown, with a bound on what is copied.
func (v value) words() string {
	const most = 4 << 10
	if len(v.raw) > most {
		v.raw = v.raw[:most]
	}
	return v.str()
}

// num returns a number, also one written as a string; NaN for everything else
// and for what is not finite.
func (v value) num() float64 {
	if v.kind != kindNumber && (v.kind != kindString || len(v.raw) == 0) {
		return math.NaN()
	}
	if f, ok := decimal(v.raw); ok {
		return f
	}
	f, err := strconv.ParseFloat(string(bytes.TrimSpace(v.raw)), 64)
	if err != nil || math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// powers are exact in a float64, and so is a mantissa below 2^53; their
// quotient is then the float64 nearest to the decimal.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// decimal reads the plain numbers nearly all of an answer consists of.
func decimal(b []byte) (float64, bool) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	var mantissa uint64
	digits, point := 0, -1
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = digits
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 19 || mantissa >= 1<<53 {
		return 0, false
	}
	f := float64(mantissa)
	if point >= 0 {
		f /= powers[digits-point]
	}
	if negative {
		f = -f
	}
	return f, true
}

// integer returns a whole number: 3, "3" and 3.0 alike.
func (v value) integer() (int64, bool) {
	f := v.num()
	if f != math.Trunc(f) || math.Abs(f) >= 1<<53 { // also false for NaN
		return 0, false
	}
	return int64(f), true
}

// id returns a number that can name something.
func (v value) id() (int64, bool) {
	n, ok := v.integer()
	return n, ok && n > 0
}

// flag returns a boolean; the API also writes them as 0, 1 and strings.
func (v value) flag() Flag {
	switch v.kind {
	case kindTrue:
		return FlagYes
	case kindFalse:
		return FlagNo
	case kindNumber:
		return flagOfNumber(v.num())
	case kindString:
		switch string(v.raw) {
		case "true", "True", "1":
			return FlagYes
		case "false", "False", "0":
			return FlagNo
		}
	}
	return FlagUnknown
}

func flagOfNumber(f float64) Flag {
	switch f {
	case 0:
		return FlagNo
	case 1:
		return FlagYes
	}
	return FlagUnknown
}

// unescape resolves the backslashes of a string. What is not a valid escape is
// left as it is written; half of a surrogate pair is U+FFFD.
func unescape(b []byte) string {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		if b[i] == 'u' {
			r, used := unescapeUnicode(b[i+1:])
			out, i = utf8.AppendRune(out, r), i+used
			continue
		}
		out = append(out, escapes(b[i])...)
	}
	return string(out)
}

func escapes(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case 'b':
		return "\b"
	case 'f':
		return "\f"
	case '"', '\\', '/':
		return string(rune(c))
	}
	return `\` + string([]byte{c})
}

// unescapeUnicode reads what follows \u and returns how many bytes it was.
func unescapeUnicode(b []byte) (rune, int) {
	first, ok := hex4(b)
	if !ok {
		return utf8.RuneError, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 4
	}
	if len(b) >= 10 && b[4] == '\\' && b[5] == 'u' {
		if second, ok := hex4(b[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 10
			}
		}
	}
	return utf8.RuneError, 4
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(n), err == nil
}
