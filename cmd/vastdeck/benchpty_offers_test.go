//go:build benchpty && linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// The shares of what the official client takes for a search that 10,000 offers answer,
// from its start to its end: `vastai --raw search offers`. Its figures are those of the
// machine it runs on, so it is measured beside ours, in turns, when VASTAI is its command
// (with arguments if it needs some, as for make conformance). Without it ours are printed
// and not judged.
const (
	wallShare   = 0.2
	memoryShare = 0.35

	manyOffers   = 10_000
	officialRuns = 5
)

// program is a command that lists offers as data, and what its runs have taken.
type program struct {
	name    string
	command func() *exec.Cmd
	offers  func(out []byte) (int, error) // in what it has printed

	walls, cpus []time.Duration
	memory      float64 // MB at most
}

// offersAsData is the verb offers, from its start to its end.
func (b *bench) offersAsData(s *server) {
	b.t.Helper()
	home := b.t.TempDir()
	ours := &program{name: "offers --json", offers: rowsUnderOffers, command: func() *exec.Cmd {
		cmd := exec.Command(b.path, "--url", s.url, "offers", "--json", "--no-default", "--limit", fmt.Sprint(manyOffers))
		cmd.Env, cmd.Dir = programEnvironment(home, "VAST_API_KEY=bench"), home
		return cmd
	}}
	command := os.Getenv("VASTAI")
	official := &program{name: "the official client", offers: rowsOfList, command: func() *exec.Cmd {
		cmd := exec.Command("sh", "-c", "exec "+command+` "$@"`, "vastai", "--raw", "search", "offers", "--no-default", "--limit", fmt.Sprint(manyOffers))
		cmd.Env, cmd.Dir = append(os.Environ(), "HOME="+home, "VAST_API_KEY=bench", "VAST_URL="+s.url), home
		return cmd
	}}
	for run := range benchStarts {
		b.take(ours)
		if command != "" && run < officialRuns {
			b.take(official)
		}
	}
	ours.print()
	if command == "" {
		fmt.Println("P11 is a share of what the official client takes: set VASTAI to its command to have it measured, e.g. VASTAI=vastai")
		return
	}
	official.print()
	share := func(a, b []time.Duration) float64 { return float64(median(a)) / float64(median(b)) }
	measured("P11 time, medians", share(ours.walls, official.walls), "of the official client's", wallShare)
	fact("P11 processor time, medians", share(ours.cpus, official.cpus), "of the official client's")
	measured("P11 memory", ours.memory/official.memory, "of the official client's", memoryShare)
}

// take runs a program once.
func (b *bench) take(p *program) {
	b.t.Helper()
	cmd := p.command()
	begin := time.Now()
	out, memory := b.outputOf(cmd)
	p.walls = append(p.walls, time.Since(begin))
	p.cpus = append(p.cpus, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	p.memory = max(p.memory, memory)
	if n, err := p.offers(out); err != nil || n != manyOffers {
		b.t.Fatalf("%s: %d offers came, want %d: %v", p.name, n, manyOffers, err)
	}
}

// print prints what the runs have taken; the time of the server is in it.
func (p *program) print() {
	fact("P11 "+p.name+", 10,000 offers, the server's time included, median", milliseconds(median(p.walls)), "ms")
	fact("P11 "+p.name+", best of "+fmt.Sprint(len(p.walls)), milliseconds(slices.Min(p.walls)), "ms")
	fact("P11 "+p.name+", processor time, median", milliseconds(median(p.cpus)), "ms")
	fact("P11 "+p.name+", memory", p.memory, "MB")
}

func median(list []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(list))[len(list)/2]
}

func rowsUnderOffers(out []byte) (int, error) {
	var got struct{ Offers []struct{ ID int64 } }
	err := json.Unmarshal(out, &got)
	return len(got.Offers), err
}

// rowsOfList counts the rows of a bare list; there may be lines before it.
func rowsOfList(out []byte) (int, error) {
	var got []struct{ ID int64 }
	err := json.Unmarshal(out[max(strings.IndexByte(string(out), '['), 0):], &got)
	return len(got), err
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
