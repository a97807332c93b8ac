package store

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func testKey(t *testing.T, text string) Key {
	t.Helper()
	return must(ParseKey(text))(t)
}

func TestKeyPrintsAsRedactedEverywhere(t *testing.T) {
	t.Parallel()
	key := testKey(t, canary)
	type open struct{ Key Key }
	type closed struct{ key Key }
	values := []any{key, &key, open{key}, &open{key}, closed{key}, &closed{key}, []Key{key}, map[string]Key{"k": key}, []any{closed{key}}, error(keyError{key})}
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %p", "%08.3f", "%!"} {
			if got := fmt.Sprintf(verb, value); strings.Contains(got, "canary") || strings.Contains(strings.ToLower(got), "63616e617279") {
				t.Errorf("%s of %T prints %s", verb, value, got)
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", value)
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		all := log.String() + string(encoded)
		if strings.Contains(all, "canary") {
			t.Errorf("%T is encoded as %s", value, all)
		}
	}
	if got := fmt.Sprintf("%s %v %#v %q", key, key, key, key); got != "[redacted] [redacted] [redacted] [redacted]" {
		t.Errorf("printed as %s", got)
	}
	if got := key.String() + key.GoString() + key.LogValue().String(); got != "[redacted][redacted][redacted]" {
		t.Errorf("printed as %s", got)
	}
	if got := must(json.Marshal(key))(t); string(got) != `"[redacted]"` {
		t.Errorf("encoded as %s", got)
	}
	if got := must(xml.Marshal(open{key}))(t); !strings.Contains(string(got), "[redacted]") {
		t.Errorf("encoded as %s", got)
	}
	var gobbed bytes.Buffer
	_ = gob.NewEncoder(&gobbed).Encode(open{key})
	if strings.Contains(gobbed.String(), "canary") {
		t.Error("gob encodes the key")
	}
}

type keyError struct{ key Key }

func (e keyError) Error() string { return fmt.Sprint("bad key ", e.key) }

func TestParseKeyTrimsAndRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"abc", " abc\r\n", "\tabc", strings.Repeat("k", 256), "x", "a-b_c.d/e+f="} {
		if got := testKey(t, text).Reveal(); got != strings.TrimSpace(text) {
			t.Errorf("%q became %q", text, got)
		}
	}
	for text, why := range map[string]string{
		"":                       "empty",
		" \n ":                   "empty",
		"abc def":                "space",
		"abc\ndef":               "line break",
		"abc\x1b[Adef":           "control",
		"abc\x00def":             "control",
		"abc\x7fdef":             "control",
		"abc\u202edef":           "character",
		"abc\xff":                "character",
		strings.Repeat("k", 257): "257",
	} {
		key, err := ParseKey(text)
		if err == nil || !strings.Contains(err.Error(), why) || !key.IsZero() {
			t.Errorf("%.20q gave %v, want a sentence with %q", text, err, why)
		}
		if err != nil && strings.Contains(err.Error(), "abc") {
			t.Errorf("the error repeats the text: %v", err)
		}
	}
}

func TestKeyTailShowsFourOfALongKeyOnly(t *testing.T) {
	t.Parallel()
	for text, tail := range map[string]string{"0123456789abcdef": "cdef", "0123456789ab": "89ab", "0123456789a": "", "x": ""} {
		if got := testKey(t, text).Tail(); got != tail {
			t.Errorf("the tail of %q is %q, want %q", text, got, tail)
		}
	}
	if (Key{}).Tail() != "" || (Key{}).Reveal() != "" || !(Key{}).IsZero() {
		t.Error("the zero key is not empty")
	}
}

func TestWipeClearsEveryCopy(t *testing.T) {
	t.Parallel()
	key := testKey(t, canary)
	same, other := key, testKey(t, canary)
	if !key.Equal(other) || key.Equal(Key{}) || key.Equal(testKey(t, canary+"x")) {
		t.Error("Equal does not compare the keys")
	}
	memory := key.secret.text
	key.Wipe()
	if !same.IsZero() || other.IsZero() || bytes.ContainsAny(memory, canary) {
		t.Error("the key is still there, or another went with it")
	}
	(Key{}).Wipe()
}
