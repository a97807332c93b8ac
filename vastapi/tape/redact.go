package tape

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// hidden stands in place of what is secret.
const hidden = "[hidden]"

// Shorter secrets than these are not looked for in other texts: they stand everywhere
// by chance.
const (
	minSwept = 6
	minLine  = 12 // a line of several
	minPart  = 16 // a word of several
)

// secretNames are the fields whose values are left out, whatever they hold. A field
// whose name contains one of secretParts is left out too.
var (
	secretNames = []string{
		"key", "onstart", "onstart_cmd", "args", "args_str", "image_login", "login", "user_login", "docker_login_user", "docker_login_pass",
		"ssh_key", "ssh_keys", "public_key", "sid", "fullname", "username", "user", "name_on_card", "result_url", "writeable_path",
		"phone_number", "last4", "value", "webpage",
	}
	secretParts = []string{"api_key", "apikey", "token", "password", "secret", "email", "billaddress", "phone", "tfa_", "authorization"}
	// valueNames hold names that stay with values that do not: variables.
	valueNames = []string{"env", "extra_env", "secrets"}
	// networkNames are addresses of machines and people.
	networkNames = []string{"public_ipaddr", "local_ipaddrs", "ip_address", "ip", "hostip"}
	// harmless contain one of the parts above and are none.
	harmless = []string{"next_token", "after_token", "tfa_enabled", "email_verified", "key_type", "api_key_id", "apikeys"}
)

// redactor takes what is secret out of texts, and remembers it to know it again.
type redactor struct {
	mu    sync.Mutex
	known []string // the longest first
}

// learn remembers a secret.
func (r *redactor) learn(s string) {
	s = strings.TrimSpace(s)
	if len(s) < minSwept || s == hidden || strings.Trim(s, "*") == "" || isWord(s) || slices.Contains(r.known, s) || len(r.known) >= 4096 {
		return
	}
	at, _ := slices.BinarySearchFunc(r.known, len(s), func(k string, n int) int { return n - len(k) })
	r.known = slices.Insert(r.known, at, s)
}

// isWord reports whether a text is a plain word, "offline", which stands in many places
// and would be taken out of all of them.
func isWord(s string) bool {
	return len(s) < 12 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// body is a body without what is secret, as JSON; false when it is no JSON.
func (r *redactor) body(raw []byte) (json.RawMessage, bool) {
	v, ok := decode(raw)
	if !ok {
		return nil, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	v = r.walk("", v)
	out, err := encode(r.sweep(v))
	return out, err == nil
}

// text is a text without what is known to be secret.
func (r *redactor) text(s string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.swept(s)
}

// query is an encoded query without what is secret.
func (r *redactor) query(raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, list := range values {
		for n, v := range list {
			if isSecret(name) {
				r.learn(v)
				list[n] = hidden
			} else {
				list[n] = r.swept(v)
			}
		}
	}
	return values.Encode()
}

// walk replaces the values of secret fields.
func (r *redactor) walk(name string, v any) any {
	switch x := v.(type) {
	case map[string]any:
		if slices.Contains(valueNames, name) {
			for k, inner := range x {
				x[k] = r.hide(inner)
			}
			return x
		}
		for k, inner := range x {
			x[k] = r.field(k, inner)
		}
		return x
	case []any:
		for n, inner := range x {
			if pair, isPair := inner.([]any); isPair && len(pair) == 2 && slices.Contains(valueNames, name) {
				pair[1] = r.hide(pair[1])
				continue
			}
			x[n] = r.walk(name, inner)
		}
		return x
	case string:
		if slices.Contains(valueNames, name) {
			return r.hide(x)
		}
		return plain(x)
	}
	return v
}

// field is the value of one field of an object.
func (r *redactor) field(name string, v any) any {
	lower := strings.ToLower(name)
	switch {
	case slices.Contains(valueNames, lower):
		return r.walk(lower, v)
	case slices.Contains(networkNames, lower):
		if s, isText := v.(string); isText && s != "" {
			return r.address(s)
		}
	case isSecret(lower):
		return r.hide(v)
	}
	return r.walk(lower, v)
}

// address replaces the addresses in a text, and remembers them: messages of machines
// name them too. Those that stand for all of a machine's own say nothing.
func (r *redactor) address(s string) string {
	said := false
	for part := range strings.FieldsSeq(s) {
		if at, err := netip.ParseAddr(part); err == nil && at.IsUnspecified() {
			continue
		}
		said = true
		r.learn(part)
	}
	if !said {
		return s
	}
	return "192.0.2.1" // of the range for documents
}

// isSecret reports whether a field of that name is left out.
func isSecret(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains(harmless, name) {
		return false
	}
	return slices.Contains(secretNames, name) || slices.ContainsFunc(secretParts, func(p string) bool { return strings.Contains(name, p) })
}

// hide replaces every text in v and keeps its shape; numbers and truths say nothing.
func (r *redactor) hide(v any) any {
	switch x := v.(type) {
	case string:
		if x == "" {
			return x
		}
		r.learn(x)
		for part := range strings.FieldsSeq(x) {
			if len(part) >= minPart {
				r.learn(part)
			}
		}
		for l := range strings.Lines(x) {
			if len(l) >= minLine {
				r.learn(l)
			}
		}
		return hidden
	case map[string]any:
		for k, inner := range x {
			x[k] = r.hide(inner)
		}
	case []any:
		for n, inner := range x {
			x[n] = r.hide(inner)
		}
	}
	return v
}

// sweep takes known secrets out of every text in v.
func (r *redactor) sweep(v any) any {
	switch x := v.(type) {
	case string:
		return r.swept(x)
	case map[string]any:
		clean := make(map[string]any, len(x))
		for k, inner := range x {
			clean[r.swept(k)] = r.sweep(inner)
		}
		return clean
	case []any:
		for n, inner := range x {
			x[n] = r.sweep(inner)
		}
	}
	return v
}

func (r *redactor) swept(s string) string {
	for _, k := range r.known {
		if len(k) <= len(s) {
			s = strings.ReplaceAll(s, k, hidden)
		}
	}
	return plain(s)
}

var (
	mail   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`) })
	sshKey = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(ssh-[a-z0-9]+|ecdsa-[a-z0-9-]+|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/=]+[^"\n]*`)
	})
	long = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b[0-9a-f]{48,}\b`) })
	card = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.\.\.[0-9]{4}\b`) })
)

// plain takes out of a text what looks like a secret wherever it stands.
func plain(s string) string {
	if len(s) < minSwept {
		return s
	}
	if strings.Contains(s, "@") {
		s = mail().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "AAAA") {
		s = sshKey().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "...") {
		s = card().ReplaceAllString(s, "...0000")
	}
	if len(s) >= 48 {
		s = long().ReplaceAllString(s, hidden)
	}
	return s
}

var oddNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([:,\[]\s*)-?(NaN|Infinity)\b`) })

// decode reads JSON, numbers as they are written; those that JSON has not are null.
func decode(raw []byte) (any, bool) {
	if bytes.Contains(raw, []byte("NaN")) || bytes.Contains(raw, []byte("Infinity")) {
		raw = oddNumber().ReplaceAll(raw, []byte("${1}null"))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil || dec.More() {
		return nil, false
	}
	return v, true
}

func encode(v any) (json.RawMessage, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}
