package safetext

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

func TestTextKeepsTheBytesReceivedForSendingBackOnly(t *testing.T) {
	t.Parallel()
	raw := " \x1b]52;c;eA==\alabel vx-abc \n"
	text := New(raw)
	if text.Wire() != raw {
		t.Errorf("Wire() = %q, want the bytes received", text.Wire())
	}
	for _, shown := range []string{text.String(), fmt.Sprint(text), fmt.Sprintf("%v %+v %s %q %#v", text, text, text, text, text)} {
		if strings.ContainsAny(shown, "\x1b\a\n") {
			t.Errorf("%q reaches an outlet", shown)
		}
	}
	if got := text.String(); got != "␛]52;c;eA==␇label vx-abc" {
		t.Errorf("String() = %q", got)
	}
}

func TestTextIsSmallAndInertTextIsKeptOnce(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(Text{}); size > 8 {
		t.Errorf("%d bytes", size)
	}
	if text := New("RTX 4090"); text.got.wire != nil {
		t.Error("the bytes of an inert text are kept twice")
	}
}

func TestTextsAreEqualWhenTheirBytesAre(t *testing.T) {
	t.Parallel()
	if a, b := New("a\x1b"), New("a\x1b"); !a.Equal(b) {
		t.Error("same bytes, not equal")
	}
	if a, b := New("a\x1b"), New("a␛"); a.Equal(b) {
		t.Error("look alike but are not the same bytes")
	}
	if !New(" ").Empty() || New("x").Empty() || !(Text{}).Empty() {
		t.Error("Empty is about what there is to see")
	}
}

func TestTextReadsWhateverJSONValueStandsThere(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{`"worker-a"`, "worker-a"}, {`null`, ""}, {`""`, ""}, {`12.8`, "12.8"}, {`true`, "true"},
		{`"\u001b[2J"`, "␛[2J"}, {`"\ud800"`, "\ufffd"}, {`["a","b"]`, `["a","b"]`}, {` "x" `, "x"},
	}
	for _, c := range cases {
		var got struct{ T Text }
		if err := json.Unmarshal([]byte(`{"T":`+c.in+`}`), &got); err != nil {
			t.Errorf("%s: %v", c.in, err)
		}
		if got.T.String() != c.want {
			t.Errorf("%s became %q, want %q", c.in, got.T, c.want)
		}
	}
	var bad Text
	if err := bad.UnmarshalJSON([]byte(`"open`)); err == nil {
		t.Error("half a string is read without an error")
	}
}

func TestTextIsWrittenInert(t *testing.T) {
	t.Parallel()
	out, err := json.Marshal(New("a\x1b[2J\u202e"))
	if err != nil || string(out) != "\"a␛[2J\ufffd\"" {
		t.Errorf("%s, %v", out, err)
	}
}

func TestQuoteCutsBetweenCharactersAndMarksTheCutOutsideTheQuotes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		n    int
		want string
	}{
		{"worker-a", 40, `"worker-a"`},
		{"worker-a", 10, `"worker-a"`},
		{"worker-a", 9, `"work"...`},
		{"é\x1b", 40, `"\u00e9\x1b"`},
		{"é\x1b", 11, `"\u00e9"...`},
		{"é\x1b", 10, `""...`},
		{`say "hi"\`, 40, `"say \"hi\"\\"`},
		{"\xff", 40, `"\xff"`},
		{"", 2, `""`},
		{"abc", 4, `...`},
		{"", 1, `.`},
		{"abc", 0, ``},
	}
	for _, c := range cases {
		if got := Quote(c.in, c.n); got != c.want {
			t.Errorf("Quote(%+q, %d) = %s, want %s", c.in, c.n, got, c.want)
		}
	}
}
