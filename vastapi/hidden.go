package vastapi

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// hiddenText stands in an error where the server repeated a secret of the call.
const hiddenText = "[hidden]"

// Shorter texts than these stand in every other message: hiding them would tell
// nothing and hide what is wrong.
const (
	minHidden     = 4 // bytes of a value
	minHiddenLine = 8 // bytes of one line of several, or of the beginning of a value
)

// secretsOf are the texts of a call that must not come back in an error: values
// of variables, the login with its password, and the start script; each also as
// a server may quote it, the longest first.
func secretsOf(call Call) []string {
	var texts []string
	switch c := call.(type) {
	case CreateInstance:
		texts = append(valuesOf(c.Env), c.OnStart)
		texts = append(texts, loginTexts(c.ImageLogin.clear())...)
	case UpdateInstance:
		texts = append(valuesOf(c.Env), c.OnStart)
	case CreateEnvVar:
		texts = []string{c.Value.clear()}
	case UpdateEnvVar:
		texts = []string{c.Value.clear()}
	}
	var all []string
	for _, text := range texts {
		all = append(all, formsOf(text)...)
	}
	all = slices.DeleteFunc(all, func(s string) bool { return len(s) < minHidden })
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// valuesOf are the values of variables; docker flags are not secret.
func valuesOf(env map[string]string) []string {
	var values []string
	for k, v := range env {
		if !strings.HasPrefix(k, "-") {
			values = append(values, v)
		}
	}
	return values
}

// loginTexts are a login line and the password in it.
func loginTexts(line string) []string {
	texts := []string{line}
	words := strings.Fields(line)
	for n, w := range words[:max(0, len(words)-1)] {
		if w == "-p" {
			texts = append(texts, words[n+1])
		}
	}
	return texts
}

// formsOf are the ways in which a server may repeat a text: as it is, without
// the space around it, as JSON, as Python prints it, in an address, and the
// lines of it one by one.
func formsOf(text string) []string {
	trimmed := strings.TrimSpace(text)
	forms := []string{text, trimmed, url.QueryEscape(trimmed), pythonQuotes.Replace(trimmed)}
	for _, escape := range []func(any) ([]byte, error){json.Marshal, plainJSON} {
		if quoted, err := escape(trimmed); err == nil {
			forms = append(forms, string(quoted[1:len(quoted)-1]))
		}
	}
	if strings.Contains(trimmed, "\n") {
		for line := range strings.Lines(trimmed) {
			if line = strings.TrimSpace(line); len(line) >= minHiddenLine {
				forms = append(forms, line)
			}
		}
	}
	return forms
}

// pythonQuotes writes a text as Python prints it between quotes.
var pythonQuotes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `'`, `\'`)

// hide takes the secrets of the request out of a text from outside, also one
// that was cut off in the middle of it.
func (r *request) hide(s string) string {
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, hiddenText)
	}
	for _, secret := range r.secrets {
		for n := min(len(secret)-1, len(s)); n >= minHiddenLine; n-- {
			if strings.HasSuffix(s, secret[:n]) {
				return s[:len(s)-n] + hiddenText
			}
		}
	}
	return s
}

// said is words without the secrets of the request.
func (c *Client) said(r *request, s string) string { return c.words(r.hide(s)) }
