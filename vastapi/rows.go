package vastapi

import (
	"errors"
	"fmt"
	"math"
	"time"

	"vastdeck/vastapi/safetext"
)

// errRefused says that an answer with status 200 carries success:false.
var errRefused = errors.New("the answer says that it failed")

// sorter puts the rows of one answer into our types. Most texts repeat from row
// to row, so each is made inert and kept once.
type sorter struct {
	texts *texts
	bad   int   // rows that could not be read
	alike alike // the fields of its rows
}

func newSorter() *sorter { return &sorter{texts: newTexts(maxTexts)} }

// text is an outside string, made inert.
func (d *sorter) text(v value) safetext.Text {
	if v.kind == kindNull || len(v.raw) == 0 {
		return safetext.Text{}
	}
	if len(v.raw) > maxTextKept {
		return safetext.New(v.str())
	}
	return d.texts.of(v)
}

// readAnswer walks the top level of an answer. A field that each does not handle is
// left out. Success:false, a missing field among the needed and anything after
// the end are errors: an empty list is believed only when it was sent as one.
func readAnswer(body []byte, need string, each func(s *scanner, key []byte) (bool, error)) error {
	s := &scanner{b: body}
	found := false
	err := s.object(func(key []byte) error {
		if string(key) == "success" {
			v, err := s.value()
			if err == nil && v.flag().No() {
				return errRefused
			}
			return err
		}
		used, err := each(s, key)
		if err != nil {
			return err
		}
		if used {
			found = found || string(key) == need
			return nil
		}
		return s.skip()
	})
	switch {
	case err != nil:
		return err
	case !s.end():
		return errSyntax
	case !found:
		return fmt.Errorf("the answer holds no %s", need)
	}
	return nil
}

// rows walks a list. A row that read cannot make sense of is counted and left
// out; the others stand.
func (d *sorter) rows(s *scanner, read func(s *scanner) error) error {
	return s.array(func() error {
		start := s.i
		if s.peek() == '{' && read(s) == nil {
			return nil
		}
		d.bad++
		s.i = start
		return s.skip()
	})
}

// list walks an answer that is a bare list, or an object holding one under the
// name wrapped: which of the two a route sends has changed over time.
func (d *sorter) list(body []byte, wrapped string, read func(s *scanner) error) error {
	s := &scanner{b: body}
	if s.peek() != '[' {
		return readAnswer(body, wrapped, func(s *scanner, key []byte) (bool, error) {
			if string(key) != wrapped {
				return false, nil
			}
			return true, d.rows(s, read)
		})
	}
	if err := d.rows(s, read); err != nil {
		return err
	}
	if !s.end() {
		return errSyntax
	}
	return nil
}

// maxRate is the dearest price per hour that is believed.
const maxRate = 1000

// rate is a price per hour; absurd ones are unknown and thus cannot be rented.
func (v value) rate() Rate {
	f := v.num()
	if !(f >= 0 && f <= maxRate) {
		return Unknown[Rate]()
	}
	return Rate(f)
}

// positive is a number that cannot be negative, -1 being the API's "unknown".
func (v value) positive() float64 {
	if f := v.num(); f >= 0 {
		return f
	}
	return math.NaN()
}

// amount is a sum of money, which may be owed.
func (v value) amount() Amount {
	f := v.num()
	if !(math.Abs(f) < 1e12) {
		return Unknown[Amount]()
	}
	return Amount(f)
}

// count is a small whole number, missing when it is none.
func (v value) count(missing int) int {
	n, ok := v.integer()
	if !ok || n < 0 || n > math.MaxInt32 {
		return missing
	}
	return int(n)
}

// moment is a time in epoch seconds, zero when unknown.
func (v value) moment() time.Time {
	f := v.num()
	if !(f > 0 && f < 1e11) {
		return time.Time{}
	}
	whole, part := math.Modf(f)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}

// layouts are the ways in which times are written as text.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02"}

// when is a time written as text or in epoch seconds, zero when it is neither.
func (v value) when() time.Time {
	if at := v.moment(); !at.IsZero() || v.kind != kindString {
		return at
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, v.words()); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// span is a duration in seconds, -1 when unknown.
func (v value) span() time.Duration {
	const century = 100 * 365 * 24 * 3600
	f := v.num()
	if math.IsNaN(f) {
		return -1
	}
	return time.Duration(min(max(f, 0), century) * float64(time.Second))
}

// country is the code at the end of "City or State, CC", ", CC" or "CC".
func country(place safetext.Text) string {
	s := place.String()
	if len(s) < 2 {
		return ""
	}
	cc := s[len(s)-2:]
	if cc[0] < 'A' || cc[0] > 'Z' || cc[1] < 'A' || cc[1] > 'Z' {
		return ""
	}
	if rest := s[:len(s)-2]; rest != "" && rest[len(rest)-1] != ' ' && rest[len(rest)-1] != ',' {
		return ""
	}
	return cc
}

// driverNumber turns "535.183.01" into 535183001, three digits a part.
func driverNumber(version string) int64 {
	var n, part int64
	parts := 1
	for _, r := range version {
		switch {
		case r == '.':
			n, part = n*1000+part, 0
			parts++
		case r >= '0' && r <= '9' && part < 100:
			part = part*10 + int64(r-'0')
		default:
			return 0
		}
	}
	if parts != 3 {
		return 0
	}
	return n*1000 + part
}
