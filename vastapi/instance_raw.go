package vastapi

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"vastdeck/vastapi/safetext"
)

// InstanceRaw returns one instance as the server gives it now: JSON, one field a
// line, in the server's order, inert. Tokens, the values of variables and what looks
// secret in scripts are masked. One that does not exist is a KindNotFound error.
func (c *Client) InstanceRaw(ctx context.Context, id InstanceID) (*safetext.Lines, error) {
	var lines *safetext.Lines
	err := c.get(ctx, RouteInstance, instancePath(id), "owner=me", func(body []byte) (err error) {
		lines, err = rawInstance(body, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if lines == nil {
		return nil, &Error{Kind: KindNotFound, Method: "GET", Path: instancePath(id), Message: "instance " + id.String() + " does not exist"}
	}
	return lines, nil
}

// rawInstance finds instance id in an answer, which holds one object or a list.
func rawInstance(body []byte, id InstanceID) (*safetext.Lines, error) {
	var (
		lines *safetext.Lines
		d     = newSorter()
	)
	take := func(s *scanner) error {
		start := s.i
		i, err := d.instance(s)
		if err == nil && i.ID == id {
			lines = rawLines(s.b[start:s.i], withoutSecrets)
		}
		return err
	}
	err := readAnswer(body, "instances", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "instances" {
			return false, nil
		}
		switch s.peek() {
		case '{':
			return true, take(s)
		case '[':
			return true, s.array(func() error { return take(s) })
		}
		v, err := s.value()
		if err == nil && v.kind != kindNull {
			err = errObject
		}
		return true, err
	})
	return lines, err
}

// secretWords are in the names of fields whose values are nobody's business.
var secretWords = []string{"token", "password", "passwd", "secret", "api_key", "login", "credential", "private"}

// withoutSecrets is a value with what is secret in it masked. A field that is not
// text, such as a flag with "login" in its name, is not secret.
func withoutSecrets(key []byte, v value) []byte {
	name := strings.ToLower(string(key))
	if name == "extra_env" {
		return maskedVariables(v)
	}
	if v.kind == kindString && len(v.raw) > 0 {
		for _, word := range secretWords {
			if strings.Contains(name, word) {
				return []byte(`"` + masked + `"`)
			}
		}
	}
	if v.kind == kindString && slices.ContainsFunc(scriptWords, func(word string) bool { return strings.Contains(name, word) }) {
		return maskedScript(key, v)
	}
	return asItIs(key, v)
}

// scriptWords are in the names of fields that hold scripts and command lines.
var scriptWords = []string{"onstart", "args", "cmd", "command"}

// maskedScript is a script with what looks secret in it masked.
func maskedScript(key []byte, v value) []byte {
	whole := asItIs(key, v)
	var text string
	if err := json.Unmarshal(whole, &text); err != nil {
		return []byte(`"` + masked + `"`)
	}
	lines := strings.Split(text, "\n")
	for n := range lines {
		lines[n] = MaskScript(lines[n])
	}
	hidden := strings.Join(lines, "\n")
	if hidden == text {
		return whole
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(hidden); err != nil {
		return []byte(`"` + masked + `"`)
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// maskedVariables is extra_env as pairs, whatever form it came in. What cannot be
// read as such is masked as a whole.
func maskedVariables(v value) []byte {
	pairs := newSorter().environment(v)
	if len(pairs) == 0 {
		if v.kind == kindNull || v.kind == kindArray && strings.Trim(string(v.raw), "[] \t\r\n") == "" {
			return v.raw
		}
		return []byte(`"` + masked + `"`)
	}
	shown := make([][2]string, 0, len(pairs))
	for _, p := range pairs {
		if name := p[0].String(); strings.HasPrefix(name, "-") {
			shown = append(shown, [2]string{name, p[1].String()})
			continue
		}
		shown = append(shown, [2]string{p[0].String(), masked})
	}
	text, err := json.Marshal(shown)
	if err != nil {
		return []byte(`"` + masked + `"`)
	}
	return text
}
