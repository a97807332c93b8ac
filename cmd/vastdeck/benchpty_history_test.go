//go:build benchpty && linux

package main

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"vastdeck/store"
)

// largeHistory makes a history of 500 MB for the first profile of a home folder.
func (b *bench) largeHistory(home string) {
	b.t.Helper()
	path := filepath.Join(home, ".local", "state", "vastdeck", "default", historyFile)
	for _, end := range []string{"", "-wal", "-shm"} { // what the runs before have left
		_ = os.Remove(path + end)
	}
	h, _, err := store.OpenHistory(b.t.Context(), path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer h.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	exec := func(query string, args ...any) {
		if _, err := db.Exec(query, args...); err != nil {
			b.t.Fatal(err)
		}
	}
	begin := time.Now().Add(-89 * 24 * time.Hour).Unix()
	exec("INSERT INTO models(id, name) VALUES(1, 'RTX 4090')")
	for slot := 0; h.Size() < 500<<20; slot += 200 {
		exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
			INSERT INTO slots(id, machine, gpus, kind, model) SELECT i + ?1, i + ?1, 1, 'on-demand', 1 FROM n`, slot)
		exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2135)
			INSERT INTO prices(slot, at, micro) SELECT s.id, ?2 + n.i * 3600, 300000 + abs(random() % 500000) FROM slots s, n WHERE s.id > ?1`, slot, begin)
	}
}

// startsWithHistory is the first frame of a program that remembers 500 MB, and of one
// that remembers nothing.
func (b *bench) startsWithHistory(s *server) {
	b.t.Helper()
	home := b.t.TempDir()
	run := func(how string) {
		var first []time.Duration
		for range benchStarts {
			cmd := exec.Command(b.path, "--url", s.url)
			cmd.Env = programEnvironment(home, "VAST_API_KEY=bench")
			cmd.Dir = home
			p := startSession(b.t, benchCols, benchRows, cmd)
			first = append(first, p.frames().first)
			p.settle(2 * time.Second) // until the history is open
			p.leave()
			p.close()
		}
		measured("P1 first frame against a server, "+how, milliseconds(quantile(first, 0.5)), "ms", 60)
	}
	run("nothing remembered")
	b.largeHistory(home)
	run("500 MB remembered")
}
