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
)

// CheckHistory says what OpenHistory would find at path, and changes nothing: no file is made, set
// aside or brought to a newer version. It fails with fs.ErrNotExist when there is none, and with
// ErrHistoryDamaged as OpenHistory would find out; newer says that a newer version of the program
// made it, so that nothing is added to it. It reads a few pages whatever the size of the file.
func CheckHistory(ctx context.Context, path string) (newer bool, err error) {
	f, err := openRegular(path, os.O_RDONLY)
	if err != nil {
		return false, fmt.Errorf("look at the history: %w", err)
	}
	if err := f.Close(); err != nil {
		return false, fmt.Errorf("look at the history: %w", err)
	}
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(2000)", "query_only(1)"}}
	if info, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		// Nobody is writing it. A reader that says so makes no files beside it.
		q.Set("immutable", "1")
	}
	at := url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true, RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		return false, fmt.Errorf("look at the history: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	h := &History{path: path}
	var version, tables int
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	if err == nil {
		err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	}
	return version > len(historySteps), h.told("look at the history", err)
}
