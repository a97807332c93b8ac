package remote

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestOutputIsGivenInCompleteLines(t *testing.T) {
	t.Parallel()
	text := "one\ntwo\n\nlast without an end"
	for size := 1; size <= len(text); size++ {
		var got []string
		m := &meter{left: math.MaxInt, give: func(_ Stream, p []byte) { got = append(got, string(p)) }}
		w := &lineWriter{meter: m}
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			_, _ = w.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		w.flush()
		if strings.Join(got, "") != text {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
		for _, chunk := range got[:len(got)-1] {
			if !strings.HasSuffix(chunk, "\n") {
				t.Fatalf("in pieces of %d: %q is not whole lines", size, chunk)
			}
		}
	}
}

func TestOutputWithoutALineEndIsBounded(t *testing.T) {
	t.Parallel()
	most := 0
	m := &meter{left: math.MaxInt, give: func(_ Stream, p []byte) { most = max(most, len(p)) }}
	w := &lineWriter{meter: m}
	for range 1000 {
		_, _ = w.Write(bytes.Repeat([]byte("x"), 1000))
	}
	w.flush()
	if m.given != 1e6 || most > maxPiece+1000 {
		t.Errorf("given %d bytes, at most %d at once", m.given, most)
	}
}

func TestOutputBeyondTheLimitIsCountedAndDropped(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	m := &meter{left: 10, give: func(_ Stream, p []byte) { got.Write(p) }}
	w := &lineWriter{meter: m}
	for range 5 {
		_, _ = w.Write([]byte("1234\n"))
	}
	_, _ = w.Write([]byte("and more"))
	w.flush()
	if got.String() != "1234\n1234\n" || m.given != 10 || m.dropped != 23 {
		t.Errorf("%q given=%d dropped=%d", got.String(), m.given, m.dropped)
	}
}
