package rental

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// TestTheLegendHasEveryWordAndNoOther shows every combination of the fields that a
// state is derived from.
func TestTheLegendHasEveryWordAndNoOther(t *testing.T) {
	t.Parallel()
	classes := map[string]Class{}
	for _, l := range Legend() {
		if _, twice := classes[l.Word]; twice || l.Means == "" {
			t.Errorf("%+v", l)
		}
		classes[l.Word] = l.Class
	}
	seen := map[string]bool{}
	for _, actual := range strings.Split(",created,loading,running,stopped,exited,frozen,rebooting,recycling,scheduling,unknown,offline", ",") {
		for _, intended := range []string{"running", "stopped"} {
			for _, cur := range []string{"running", "stopped", "unloaded"} {
				for _, status := range []string{"", "manifest unknown"} {
					i := instance(7, "a")
					i.Actual, i.Intended, i.Cur, i.Next, i.Status = safetext.New(actual), safetext.New(intended), safetext.New(cur), safetext.New(cur), safetext.New(status)
					i.Bid, i.MinBid = status != "", vastapi.Rate(2)
					s := Display(i)
					seen[s.Word] = true
					if class, known := classes[s.Word]; !known || class != s.Class {
						t.Errorf("%s %s %s is shown as %s of class %d, the legend says %d (%t)", actual, intended, cur, s.Word, s.Class, class, known)
					}
				}
			}
		}
	}
	over := instance(7, "a")
	over.Intended, over.Actual, over.End = safetext.New("stopped"), safetext.New("exited"), noon
	if s := (Watched{}).Seen(&over, noon.Add(time.Hour)).State(&over); s.Class == classes[s.Word] {
		seen[s.Word] = true // what only the time tells
	}
	for word := range classes {
		if !seen[word] {
			t.Errorf("%s is explained and never shown", word)
		}
	}
}
