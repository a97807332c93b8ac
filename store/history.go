package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// History is what has been seen over time: prices of offers, starts of rented machines and the
// account's credit. It is one SQLite file, which any number of processes may write. Its methods
// may be called from several goroutines.
type History struct {
	db       *sql.DB
	path     string
	readOnly bool
	turn     chan struct{} // holds one while this process writes: its own writes wait for each other, however long one takes

	mu    sync.Mutex
	slots map[Slot]*lastPrice // the newest price of each slot; nil = not read yet
	names map[string]int64    // of models
}

// ErrHistoryReadOnly is what writing to a history gives that a newer version of the program made.
var ErrHistoryReadOnly = errors.New("the history was written by a newer version of the program: it is read, and not written")

// ErrHistoryDamaged is what using a damaged history gives. The next OpenHistory sets it aside.
var ErrHistoryDamaged = errors.New("the history on disk is damaged; it is set aside at the next start, and a new one is begun")

// ErrHistoryBusy is what a history gives that another process has kept for itself for longer than
// is waited. Nothing is wrong with it: what was to be written can be written later.
var ErrHistoryBusy = errors.New("another copy of the program is writing it")

// OpenHistory opens the history at path, which is made when it is missing. A file that is no
// history, or damaged so that this shows at once, is set aside beside its place and a new one is
// begun; one of a newer version is opened for reading only. The notice, "" when there is nothing to
// say, tells the user so. It reads a few pages whatever the size of the file.
func OpenHistory(ctx context.Context, path string) (h *History, notice string, err error) {
	h, err = openHistory(ctx, path)
	if damagedHistory(err) {
		notice, err = setHistoryAside(path)
		if err != nil {
			return nil, "", err
		}
		h, err = openHistory(ctx, path)
	}
	if err != nil {
		return nil, "", err
	}
	if h.readOnly {
		notice = filepath.Base(path) + " was written by a newer version of the program: it is read, and nothing is added to it."
	}
	return h, notice, nil
}

func openHistory(ctx context.Context, path string) (*History, error) {
	if err := makeDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := historyFile(path); err != nil {
		return nil, fmt.Errorf("open the history: %w", err)
	}
	h := &History{path: path, turn: make(chan struct{}, 1)}
	version, err := h.connect(ctx, false)
	if err == nil && version > len(historySteps) {
		_ = h.db.Close()
		h.readOnly = true
		_, err = h.connect(ctx, true)
	}
	if err == nil && !h.readOnly {
		err = h.migrate(ctx)
	}
	if err != nil {
		if h.db != nil {
			_ = h.db.Close()
		}
		return nil, h.told("open the history", err)
	}
	return h, nil
}

// historyFile makes sure that a regular file of this user's is at path: SQLite would follow a link,
// and make a file that others can read.
func historyFile(path string) error {
	f, err := openRegular(path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = createNew(path)
		if errors.Is(err, fs.ErrExist) {
			f, err = openRegular(path, os.O_RDWR) // another copy of the program was faster
		}
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect opens the file and reads its version.
func (h *History) connect(ctx context.Context, readOnly bool) (version int, err error) {
	at := url.URL{Scheme: "file", Path: filepath.ToSlash(h.path), OmitHost: true}
	q := url.Values{"_pragma": {"busy_timeout(2000)", "synchronous(NORMAL)", "temp_store(MEMORY)", "cache_size(-2000)"}, "_txlock": {"immediate"}}
	if readOnly {
		q.Set("mode", "ro")
	} else {
		q.Add("_pragma", "auto_vacuum(INCREMENTAL)")
		q.Add("_pragma", "journal_mode(WAL)")
	}
	at.RawQuery = q.Encode()
	h.db, err = sql.Open("sqlite", at.String())
	if err != nil {
		return 0, err
	}
	h.db.SetMaxOpenConns(3)
	h.db.SetMaxIdleConns(2)
	err = h.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	if err == nil && version > 0 {
		var tables int // the first page may be whole and the rest of the schema not
		err = h.db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	}
	return version, err
}

// historySteps bring the file from one version to the next. Steps are added, never changed.
var historySteps = []string{`
	CREATE TABLE models(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE slots(id INTEGER PRIMARY KEY, machine INTEGER NOT NULL, gpus INTEGER NOT NULL, kind TEXT NOT NULL,
		model INTEGER NOT NULL REFERENCES models(id), UNIQUE(machine, gpus, kind));
	CREATE TABLE prices(slot INTEGER NOT NULL, at INTEGER NOT NULL, micro INTEGER, PRIMARY KEY(slot, at)) WITHOUT ROWID;
	CREATE TABLE bands(model INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, low INTEGER NOT NULL, mid INTEGER NOT NULL,
		high INTEGER NOT NULL, offers INTEGER NOT NULL, PRIMARY KEY(model, kind, at)) WITHOUT ROWID;
	CREATE TABLE starts(instance INTEGER PRIMARY KEY, machine INTEGER NOT NULL, host INTEGER NOT NULL, at INTEGER NOT NULL,
		ready INTEGER, failed TEXT NOT NULL DEFAULT '');
	CREATE INDEX starts_by_machine ON starts(machine, at);
	CREATE TABLE credit(at INTEGER PRIMARY KEY, micro INTEGER NOT NULL);
`, `
	CREATE TABLE done(what TEXT PRIMARY KEY, at INTEGER NOT NULL);
`, `
	CREATE TABLE hours(model INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, low INTEGER NOT NULL, mid INTEGER NOT NULL,
		high INTEGER NOT NULL, offers INTEGER NOT NULL, samples INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
		PRIMARY KEY(model, kind, at)) WITHOUT ROWID;
	INSERT INTO hours ` + sumsOfHours + ` GROUP BY model, kind, at - at % 3600;
`}

// migrate brings the file to the newest version.
func (h *History) migrate(ctx context.Context) error {
	return h.change(ctx, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		for n := version; n < len(historySteps); n++ {
			if _, err := tx.ExecContext(ctx, historySteps[n]); err != nil {
				return err
			}
		}
		if version >= len(historySteps) {
			return nil
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(historySteps)))
		return err
	})
}

// change runs do in one transaction.
func (h *History) change(ctx context.Context, do func(*sql.Tx) error) error {
	if h.readOnly {
		return ErrHistoryReadOnly
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Close closes the file.
func (h *History) Close() error { return h.db.Close() }

// Size is how many bytes the history takes on the disk.
func (h *History) Size() int64 {
	var sum int64
	for _, end := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(h.path + end); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// told says an error of the database in the program's words.
func (h *History) told(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case damagedHistory(err):
		return fmt.Errorf("%s: %w (%w)", doing, ErrHistoryDamaged, err)
	case errors.Is(err, context.Canceled), errors.Is(err, ErrHistoryReadOnly):
		return err
	case hasCode(err, sqlite3.SQLITE_BUSY):
		return fmt.Errorf("%s: %w (%w)", doing, ErrHistoryBusy, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// damagedHistory reports whether err says that the file is no database, or a broken one.
func damagedHistory(err error) bool {
	return errors.Is(err, ErrHistoryDamaged) || hasCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
}

// hasCode reports whether err is one of SQLite's with one of the codes.
func hasCode(err error, codes ...int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code()&0xff)
}

// setHistoryAside renames a damaged history, with what belongs to it.
func setHistoryAside(path string) (string, error) {
	name := path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	if err := os.Rename(path, name); err != nil {
		return "", fmt.Errorf("set the damaged history aside: %w", err)
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+end, name+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("set the damaged history aside: %w", err)
		}
	}
	return fmt.Sprintf("%s was damaged; it is kept as %s and a new one is begun.", filepath.Base(path), filepath.Base(name)), nil
}

// micro is an amount of money in millionths, which is how it is kept.
func micro(usd float64) int64 {
	if usd < 0 {
		return -micro(-usd)
	}
	return int64(usd*1e6 + 0.5)
}

func dollars(micro int64) float64 { return float64(micro) / 1e6 }
