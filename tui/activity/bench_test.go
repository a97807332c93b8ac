package activity

import (
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/vastapi/rental"
)

// BenchmarkJournalOfYears is an answer with ten thousand operations.
func BenchmarkJournalOfYears(b *testing.B) {
	var l lines
	for n := range 10_000 {
		l = append(l, rent(n, noon.Add(time.Duration(n)*time.Minute), yes)...)
	}
	ops, err := rental.Open(l)
	if err != nil {
		b.Fatal(err)
	}
	s := newStage(&testing.T{})
	journal := feed.JournalOf(ops, "1")
	at := noon
	for b.Loop() {
		at = at.Add(time.Second)
		msg := command.JournalRead{Answer: command.Answer{At: at}, Journal: journal}
		msg.Fold(s.data)
		s.m.Update(s.env(), msg)
	}
}
