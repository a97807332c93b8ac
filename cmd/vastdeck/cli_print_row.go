package main

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vastdeck/vastapi"
)

// jsonRow is one object of a long list, written field by field as encoding/json would
// write it and inert: with ten thousand rows, finding out again and again what a row
// consists of takes longer than reading the answer of the server. What is not known is
// null, so that every row has all fields.
type jsonRow []byte

// begin begins an object behind what has been written.
func (r *jsonRow) begin() { *r = append(*r, '{') }

// end ends the object.
func (r *jsonRow) end() {
	if b := *r; b[len(b)-1] == ',' {
		*r = b[:len(b)-1]
	}
	*r = append(*r, '}')
}

// name begins a field; names are of letters that stand for themselves.
func (r *jsonRow) name(name string) []byte {
	return append(append(append(*r, '"'), name...), '"', ':')
}

func (r *jsonRow) null(name string) { *r = append(r.name(name), "null,"...) }

// id writes a number that names something, null when nothing is named.
func (r *jsonRow) id(name string, id int64) { r.count(name, id, 1) }

// count writes a whole number, null below the least that it can be.
func (r *jsonRow) count(name string, n, least int64) {
	if n < least {
		r.null(name)
		return
	}
	*r = append(strconv.AppendInt(r.name(name), n, 10), ',')
}

// figure writes a number, null when it is not known.
func (r *jsonRow) figure(name string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		r.null(name)
		return
	}
	*r = append(appendNumber(r.name(name), v), ',')
}

// appendNumber appends the shortest number that is read as v, as encoding/json and
// JavaScript write it: small and large ones with an exponent.
func appendNumber(out []byte, v float64) []byte {
	size := math.Abs(v)
	if size == 0 || size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(out, v, 'f', -1, 64)
	}
	out = strconv.AppendFloat(out, v, 'e', -1, 64)
	if n := len(out); out[n-4] == 'e' && out[n-3] == '-' && out[n-2] == '0' { // e-07 is e-7
		out[n-2] = out[n-1]
		out = out[:n-1]
	}
	return out
}

// text writes a text, null when it is empty.
func (r *jsonRow) text(name, s string) {
	if s == "" {
		r.null(name)
		return
	}
	*r = append(appendInertText(r.name(name), s), ',')
}

// appendInertText appends s as a JSON string in which nothing acts on a terminal.
func appendInertText(out []byte, s string) []byte {
	if !standsForItself(s) {
		data, _ := json.Marshal(s) // a string always can be
		return appendInert(out, string(data))
	}
	return append(append(append(out, '"'), s...), '"')
}

// standsForItself reports whether nothing in s has to be escaped: most names are plain.
func standsForItself(s string) bool {
	for n, r := range s {
		switch {
		case r < ' ', r == '"', r == '\\', r == '<', r == '>', r == '&':
			return false
		case r < 0x7f:
		case !unicode.IsPrint(r), r == utf8.RuneError && !strings.HasPrefix(s[n:], string(utf8.RuneError)):
			return false
		}
	}
	return true
}

// yes writes what is always known.
func (r *jsonRow) yes(name string, yes bool) { *r = append(strconv.AppendBool(r.name(name), yes), ',') }

// flag writes a flag, null when it is not told.
func (r *jsonRow) flag(name string, f vastapi.Flag) {
	if !f.Yes() && !f.No() {
		r.null(name)
		return
	}
	r.yes(name, f.Yes())
}

// moment writes a time in UTC, null when it is not known.
func (r *jsonRow) moment(name string, t time.Time) {
	if t.IsZero() {
		r.null(name)
		return
	}
	*r = append(t.UTC().AppendFormat(append(r.name(name), '"'), time.RFC3339Nano), '"', ',')
}
