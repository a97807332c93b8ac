package store

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"
)

const (
	knownFile    = "known.json"
	knownVersion = 1
	maxKnownSize = 1 << 20
	mostKnown    = 5000 // of instances and of volumes
)

// Known is what an account was last seen to have, as far as it takes to complete ids and names
// on a command line. What is read from the file is as it stands there: whoever shows it makes
// it inert.
type Known struct {
	At        time.Time    `json:"at"`
	Host      string       `json:"host"` // of the API whose ids these are
	Instances []KnownThing `json:"instances,omitempty"`
	Volumes   []KnownThing `json:"volumes,omitempty"`
}

// KnownThing is one of them.
type KnownThing struct {
	ID    int64  `json:"id"`
	Name  string `json:"name,omitempty"`
	About string `json:"about,omitempty"` // a few words, e.g. its GPUs
}

// ReadKnown returns what was last noted in dir, the profile's folder; the zero Known when
// nothing was, or when it cannot be read.
func ReadKnown(dir string) Known {
	data, err := readFile(filepath.Join(dir, knownFile), maxKnownSize)
	if err != nil {
		return Known{}
	}
	var file struct {
		Version int `json:"version"`
		Known
	}
	if json.Unmarshal(data, &file) != nil || file.Version != knownVersion {
		return Known{}
	}
	return file.Known
}

// WriteKnown notes what there is in dir, in place of what was noted before.
func WriteKnown(dir string, k Known) error {
	k.Instances, k.Volumes = k.Instances[:min(len(k.Instances), mostKnown)], k.Volumes[:min(len(k.Volumes), mostKnown)]
	data, err := k.encode()
	for err == nil && len(data) > maxKnownSize { // long names: a file that is too long would not be read again
		k.Instances, k.Volumes = k.Instances[:len(k.Instances)/2], k.Volumes[:len(k.Volumes)/2]
		data, err = k.encode()
	}
	if err != nil {
		return fmt.Errorf("note what there is: %w", err)
	}
	return replaceFile(filepath.Join(dir, knownFile), data)
}

func (k Known) encode() ([]byte, error) {
	return json.Marshal(struct {
		Version int `json:"version"`
		Known
	}{knownVersion, k})
}
