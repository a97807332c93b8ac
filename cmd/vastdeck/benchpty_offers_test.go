//go:build benchpty && linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"time"
)

// What the official client takes for a search that 10,000 offers answer, from its start
// to its end, and the shares of that which are ours: `vastai --raw search offers`.
const (
	officialWall   = 1210 * time.Millisecond
	officialMemory = 174 // MB
	wallShare      = 0.2
	memoryShare    = 0.35

	manyOffers = 10_000
)

// offersAsData is the verb offers, from its start to its end.
func (b *bench) offersAsData(s *server) {
	b.t.Helper()
	home := b.t.TempDir()
	var walls []time.Duration
	most := 0.0
	for range benchStarts {
		cmd := exec.Command(b.path, "--url", s.url, "offers", "--json", "--no-default", "--limit", fmt.Sprint(manyOffers))
		cmd.Env = programEnvironment(home, "VAST_API_KEY=bench")
		cmd.Dir = home
		begin := time.Now()
		out, memory := b.outputOf(cmd)
		walls = append(walls, time.Since(begin))
		most = max(most, memory)
		var got struct {
			Offers []struct {
				ID int64 `json:"id"`
			} `json:"offers"`
		}
		if err := json.Unmarshal(out, &got); err != nil || len(got.Offers) != manyOffers {
			b.t.Fatalf("%d offers came, want %d: %v", len(got.Offers), manyOffers, err)
		}
	}
	slices.Sort(walls)
	measured("P11 offers --json, 10,000 offers, the server's time included", milliseconds(walls[len(walls)/2]), "ms", wallShare*milliseconds(officialWall))
	measured("P11 offers --json, 10,000 offers, memory", most, "MB", memoryShare*officialMemory)
}

// outputOf runs a command and gives what it prints, and how much memory it had at most,
// in MB. The kernel is asked while the command waits for what it has written to be read:
// what it tells of a process that has ended counts the memory of its parent too.
func (b *bench) outputOf(cmd *exec.Cmd) ([]byte, float64) {
	b.t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	var out []byte
	most := 0.0
	chunk := make([]byte, 1<<20)
	for asked := false; ; asked = true {
		n, err := pipe.Read(chunk)
		out = append(out, chunk[:n]...)
		if !asked {
			most = b.mostMemory(cmd.Process.Pid) // the answer has been read by now
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		b.t.Fatal(err)
	}
	return out, most
}
