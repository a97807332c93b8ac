package copying

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// Field is one thing that is known, under the name that the API has for it. What is not known, such as a number that
// was not told, is null.
type Field struct {
	Name  string
	Value any // string, safetext.Text, bool, vastapi.Flag, a number, or a slice of these; nil = not known
}

// JSON is what is known of one thing as JSON, one field a line, in the order of the fields.
func JSON(fields []Field) string { return object(fields, "") }

// JSONList is JSON for several things: an array.
func JSONList(list [][]Field) string {
	if len(list) == 0 {
		return "[]"
	}
	parts := make([]string, len(list))
	for n, fields := range list {
		parts[n] = "  " + object(fields, "  ")
	}
	return "[\n" + strings.Join(parts, ",\n") + "\n]"
}

func object(fields []Field, indent string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for n, f := range fields {
		b.WriteString(indent + "  " + string(encoded(f.Name)) + ": " + string(encoded(f.Value)))
		if n < len(fields)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString(indent + "}")
	return b.String()
}

// encoded writes one value; what JSON has no word for is null.
func encoded(v any) []byte {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			v = nil
		}
	case vastapi.Flag:
		switch {
		case x.Yes():
			v = true
		case x.No():
			v = false
		default:
			v = nil
		}
	case safetext.Text:
		if x.Empty() {
			v = nil
		} else {
			v = x.String()
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Positive is n, nil when it is not above 0: ids that are not told are 0.
func Positive[T ~int | ~int64](n T) any { return AtLeast(n, 1) }

// AtLeast is n, nil when it is below least.
func AtLeast[T ~int | ~int64](n, least T) any {
	if n < least {
		return nil
	}
	return int64(n)
}

// Seconds is d in seconds, nil when it is negative.
func Seconds(d time.Duration) any {
	if d < 0 {
		return nil
	}
	return d.Seconds()
}

// Unix is t in seconds since 1970, nil when it is not told.
func Unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// Stamp is t as RFC 3339 in UTC, nil when it is not told.
func Stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// Words is an inert text, nil when it is empty.
func Words(s string) any {
	if s == "" {
		return nil
	}
	return safetext.Clean(s, 4*safetext.MaxRunes)
}
