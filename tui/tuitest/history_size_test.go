//go:build !race

package tuitest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// How large the file becomes is the same under the race detector, which would take
// minutes for it.
func TestADayOfTheMarketTakesLessThanFiveMegabytes(t *testing.T) {
	t.Parallel()
	size := func(last time.Duration) int64 {
		path := filepath.Join(t.TempDir(), "history.db")
		remember(t, path, 80, 20, nil, func(d *deck) {
			d.Wait(10 * time.Second)
			for at := time.Duration(0); at < last; at += 15 * time.Second {
				d.Press("ctrl+r") // four searches a minute
				d.Wait(15 * time.Second)
			}
		})
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	const span = 30 * time.Minute // in less, a few pages that are written sooner or later would count for megabytes
	begin, later := size(5*time.Minute), size(5*time.Minute+span)
	perDay := (later - begin) * int64(24*time.Hour/span)
	t.Logf("%.2f MB at the beginning, %.2f MB a day", float64(begin)/1e6, float64(perDay)/1e6)
	if perDay > 5_000_000 || perDay == 0 {
		t.Errorf("%d bytes a day", perDay)
	}
}
