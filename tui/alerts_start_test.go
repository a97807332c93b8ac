package tui

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func TestTheSentencesOfTheStartAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := parkOf(3)
		p.list[0].Label = safetext.New(rental.Label("work", "abcdefghijkl"))
		p.list[1].Disk, p.list[1].DiskUsed = 100, 99
		m, l := lived(t, p, nil)
		l.run(5 * time.Second)
		got := strings.Join(strings.Fields(toasted(m)), " ")
		for _, want := range []string{"belongs to no rental that is known here: 1; 7 lists them. 1 instance has a disk", " 2 shows the instances."} {
			if !strings.Contains(got, want) {
				t.Errorf("at the start it says %q, not %q", got, want)
			}
		}
	})
}
