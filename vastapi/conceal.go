package vastapi

import (
	"bytes"
	"slices"
	"strings"

	"vastdeck/vastapi/safetext"
)

// concealer writes JSON again with what is secret in it masked, however deep it stands:
// values under names that secrets have, texts that look like a key, and the key that this
// client asks with. It errs by masking too much.
type concealer struct{ key string }

func (c *Client) concealer() concealer { return concealer{c.reveal()} }

// lines is an object one field a line, each value as shown writes it.
func (c concealer) lines(row []byte, shown func(c concealer, key []byte, v value) []byte) *safetext.Lines {
	whole := value{kind: kindObject, raw: row}
	return rawLines(c.object(whole, func(key []byte, v value) []byte { return shown(c, key, v) }), asItIs)
}

// deepest is how many objects and lists in one another are gone through; what lies deeper
// is masked as a whole.
const deepest = 12

// personal are names of fields that are no secret to the account's owner and yet nothing
// for a screen that others may see.
var personal = []string{"tfa", "totp", "otp", "card", "last4", "hash", "signature", "stripe"}

// conceals reports whether the value of a field is masked. Ids, kinds and names of keys
// are no keys.
func conceals(name string, v value) bool {
	switch v.kind {
	case kindNull, kindTrue, kindFalse:
		return false
	case kindString:
		if len(v.raw) == 0 {
			return false
		}
	}
	name = strings.ToLower(name)
	if v.kind == kindNumber && strings.HasSuffix(name, "_id") || slices.Contains([]string{"key_type", "key_name", "key_id"}, name) {
		return false
	}
	return SecretName(name) || slices.ContainsFunc(slices.Concat(secretWords, personal), func(w string) bool { return strings.Contains(name, w) })
}

// shown is a value of the field key.
func (c concealer) shown(key []byte, v value) []byte { return c.at(string(key), v, 0) }

func (c concealer) at(name string, v value, depth int) []byte {
	hidden := []byte(`"` + masked + `"`)
	if conceals(name, v) || depth > deepest {
		return hidden
	}
	switch v.kind {
	case kindString:
		return c.text(v)
	case kindObject:
		return c.object(v, func(key []byte, inner value) []byte { return c.at(string(key), inner, depth+1) })
	case kindArray:
		return c.array(name, v, depth)
	}
	return v.raw
}

// text is a text as it came, or without what looks secret in it.
func (c concealer) text(v value) []byte {
	text := v.str()
	if hidden := c.words(text); hidden != text {
		return jsonText(hidden)
	}
	return asItIs(nil, v)
}

// words is a text without what looks secret in it.
func (c concealer) words(text string) string {
	if len(c.key) >= minHiddenLine {
		text = strings.ReplaceAll(text, c.key, masked)
	}
	lines := strings.Split(text, "\n")
	for n := range lines {
		lines[n] = MaskScript(lines[n])
	}
	return strings.Join(lines, "\n")
}

// object is an object with each value as shown writes it; null stays.
func (c concealer) object(v value, shown func(key []byte, v value) []byte) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	s := scanner{b: v.raw}
	err := s.fields(func(key []byte, inner value) error {
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.Write(jsonText(c.words(string(key))))
		out.WriteByte(':')
		if inner.kind == kindNull {
			out.Write(inner.raw)
		} else {
			out.Write(shown(key, inner))
		}
		return nil
	})
	if err != nil {
		return []byte(`"` + masked + `"`)
	}
	out.WriteByte('}')
	return out.Bytes()
}

func (c concealer) array(name string, v value, depth int) []byte {
	var out bytes.Buffer
	out.WriteByte('[')
	s := scanner{b: v.raw}
	err := s.array(func() error {
		inner, err := s.value()
		if err != nil {
			return err
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.Write(c.at(name, inner, depth+1))
		return nil
	})
	if err != nil {
		return []byte(`"` + masked + `"`)
	}
	out.WriteByte(']')
	return out.Bytes()
}

// variables is a value of the answer about variables, whose own values are all masked.
func (c concealer) variables(key []byte, v value) []byte {
	if string(key) == "secrets" && v.kind == kindObject {
		return c.object(v, func([]byte, value) []byte { return []byte(`"` + masked + `"`) })
	}
	return c.shown(key, v)
}

// audited is a value of a line of the audit log. Its arguments come as an object or as
// one in a text; those that are not known to be harmless are masked.
func (c concealer) audited(key []byte, v value) []byte {
	if string(key) != "args" {
		return c.shown(key, v)
	}
	args := v
	if v.kind == kindString {
		args = value{kind: kindObject, raw: []byte(v.str())}
	}
	switch {
	case v.kind == kindNull || v.kind == kindString && len(v.raw) == 0:
		return asItIs(key, v)
	case args.kind != kindObject:
		return []byte(`"` + masked + `"`)
	}
	return c.object(args, func(name []byte, inner value) []byte {
		if !slices.Contains(plainArgs, string(name)) {
			return []byte(`"` + masked + `"`)
		}
		if inner.kind == kindString {
			return c.text(inner) // "key" is the name of a variable here
		}
		return c.at("", inner, 0)
	})
}

// jsonText is a text as JSON.
func jsonText(text string) []byte {
	b, err := plainJSON(text)
	if err != nil {
		return []byte(`"` + masked + `"`)
	}
	return b
}
