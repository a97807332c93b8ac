package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxDocument is the largest document that is read, in bytes.
const maxDocument = 16 << 20

// envelope is how a document of ours stands in its file. The version is that of the data's
// shape; a program that finds a higher one than it knows must not write the file.
type envelope struct {
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// loaded says how reading a document went. Its notice is a sentence for the user, or "".
type loaded struct {
	notice   string
	readOnly bool // the file is of a newer version, or cannot be read: it must not be replaced
}

// loadDocument reads the document at path into v. A missing file leaves v as it is. A damaged one
// is renamed, so that nothing is lost, and leaves v as it is. Data of an older version is taken
// over by older, which is given that version. From a newer version it takes what it understands.
// Nothing here is an error, since the program can start without any document.
func loadDocument[T any](path string, version int, v *T, older func(int, json.RawMessage) (T, error)) loaded {
	data, err := readFile(path, maxDocument)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return loaded{}
	case errors.Is(err, errNotRegular), errors.Is(err, errLink):
		return setAside(path, err)
	case err != nil:
		return loaded{readOnly: true, notice: fmt.Sprintf("%s cannot be read (%v); this run starts without it and does not write it.", path, err)}
	}
	e, err := decodeEnvelope(data)
	switch {
	case err != nil:
	case e.Version == version:
		err = decodeData(e.Data, v)
	case e.Version < version:
		var taken T
		if taken, err = older(e.Version, e.Data); err == nil {
			*v = taken
		}
	}
	if err != nil {
		return setAside(path, err)
	}
	if e.Version <= version {
		return loaded{}
	}
	if err := decodeData(e.Data, v); err != nil {
		return loaded{readOnly: true, notice: fmt.Sprintf("%s was written by a newer vastdeck and cannot be understood; this run starts without it and does not write it.", path)}
	}
	return loaded{readOnly: true, notice: fmt.Sprintf("%s was written by a newer vastdeck; this run reads it and does not write it.", path)}
}

func decodeEnvelope(data []byte) (envelope, error) {
	var e envelope
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&e); err != nil {
		return e, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return e, errors.New("something follows the document")
	}
	if e.Version < 1 || len(e.Data) == 0 {
		return e, errors.New("version or data is missing")
	}
	return e, nil
}

// decodeData fills v, or leaves it as it is when the data does not fit.
func decodeData[T any](data json.RawMessage, v *T) error {
	var fresh T
	if err := json.Unmarshal(data, &fresh); err != nil {
		return err
	}
	*v = fresh
	return nil
}

// saveDocument replaces the document at path with v.
func saveDocument(path string, version int, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	whole, err := json.MarshalIndent(envelope{Version: version, Data: data}, "", "  ")
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	if len(whole) >= maxDocument {
		return fmt.Errorf("save %s: %d bytes are more than would be read again", path, len(whole))
	}
	return replaceFile(path, append(whole, '\n'))
}

// setAside renames a damaged file to one that says so and reports it.
func setAside(path string, why error) loaded {
	name := path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	if err := os.Rename(path, name); err != nil {
		return loaded{readOnly: true, notice: fmt.Sprintf("%s is damaged (%v) and cannot be set aside; this run does not write it.", path, why)}
	}
	return loaded{notice: fmt.Sprintf("%s was damaged (%v); it is kept as %s and a new one is begun.", path, why, filepath.Base(name))}
}
