package store

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const (
	// minSecret is the length from which on a key is taken out of texts, in bytes. Shorter ones
	// (a simulator takes any) would take half of every text with them.
	minSecret = 6
	// minForm is the same for an encoded form, which may be cut at both ends.
	minForm = 6
)

// bearer matches the credentials of an Authorization header, whoever's they are.
var bearer = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bbearer(\s|%20|\+)+\S+`) })

// bearerQuoted is the same inside a line of JSON, where it must not run past the string's end.
var bearerQuoted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bbearer(\s|%20|\+)+[^\s"\\]+`) })

// Redactor takes keys out of texts before they are written anywhere: the key itself and its
// base64, hexadecimal, URL and JSON forms, and whatever follows "Bearer". The zero Redactor, and a
// nil one, know no key and remove bearer tokens only. It may be used from several goroutines.
type Redactor struct {
	mu       sync.RWMutex
	forms    []string
	replacer *strings.Replacer
}

// Add makes the redactor remove k from now on. A key shorter than six characters is no secret
// and is left.
func (r *Redactor) Add(k Key) {
	text := k.reveal()
	if len(text) < minSecret {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forms = append(r.forms, formsOf(text)...)
	// The replacer takes the first form that matches at a place: the longest must come first.
	slices.SortFunc(r.forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	r.forms = slices.Compact(r.forms)
	pairs := make([]string, 0, 2*len(r.forms))
	for _, form := range r.forms {
		pairs = append(pairs, form, redacted)
	}
	r.replacer = strings.NewReplacer(pairs...)
}

// Redact returns text with "[redacted]" in place of every form of every key.
func (r *Redactor) Redact(text string) string {
	return bearer().ReplaceAllString(r.withoutKeys(text), "Bearer "+redacted)
}

// redactJSON is Redact for a line of JSON, which stays one.
func (r *Redactor) redactJSON(line string) string {
	return bearerQuoted().ReplaceAllString(r.withoutKeys(line), "Bearer "+redacted)
}

func (r *Redactor) withoutKeys(text string) string {
	if r == nil {
		return text
	}
	r.mu.RLock()
	replacer := r.replacer
	r.mu.RUnlock()
	if replacer == nil {
		return text
	}
	return replacer.Replace(text)
}

// formsOf returns the forms in which the text may stand in a log.
func formsOf(text string) []string {
	plain := []string{text, url.QueryEscape(text), url.PathEscape(text), percentAll(text)}
	plain = append(plain, inner(fmt.Sprint([]byte(text)))) // how fmt prints bytes
	plain = append(plain, inner(strconv.Quote(text)), inner(jsonOf(text)), inner(jsonOf(inner(jsonOf(text)))))
	lower := hex.EncodeToString([]byte(text))
	plain = append(plain, lower, strings.ToUpper(lower))
	for before := range 3 {
		plain = append(plain, base64At(base64.RawStdEncoding, text, before), base64At(base64.RawURLEncoding, text, before))
	}
	return slices.DeleteFunc(plain, func(form string) bool { return len(form) < minForm })
}

// base64At returns what is sure to stand in the encoding of anything that has the text after
// before+3n bytes: an encoded user:key has the key at such a place. Characters that neighbours
// have a part in are left off.
func base64At(e *base64.Encoding, text string, before int) string {
	encoded := e.EncodeToString(append(make([]byte, before), text...))
	if (before+len(text))%3 != 0 {
		encoded = encoded[:len(encoded)-1]
	}
	return encoded[[3]int{0, 2, 3}[before]:]
}

func percentAll(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{text[i]})))
	}
	return b.String()
}

func jsonOf(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return strconv.Quote(text) // a string always encodes
	}
	return string(quoted)
}

// inner drops the quotes or brackets around a text.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }
