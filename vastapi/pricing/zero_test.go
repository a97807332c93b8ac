package pricing

import (
	"testing"
	"time"
)

func TestZeroIsAheadOrNotNamed(t *testing.T) {
	t.Parallel()
	read := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	if got := SpanOf(10, 2).Zero(read); !got.Equal(read.Add(5 * time.Hour)) {
		t.Errorf("zero is %v", got)
	}
	for _, s := range []Span{{}, SpanOf(10, 0), SpanOf(0, 2), SpanOf(-1, 2)} {
		if got := s.Zero(read); !got.IsZero() {
			t.Errorf("%+v names %v", s, got)
		}
	}
	if got := SpanOf(10, 2).Zero(time.Time{}); !got.IsZero() {
		t.Errorf("without a reading it is %v", got)
	}
	for s, want := range map[Span]bool{SpanOf(-1, 2): true, SpanOf(0, 2): true, SpanOf(1, 2): false, SpanOf(-1, 0): false, {}: false} {
		if s.UsedUp() != want {
			t.Errorf("%+v", s)
		}
	}
}
