package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestWhatIsNotedForCompletionIsWrittenWhenItDiffersOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	note := func(host string, instances []vastapi.Instance, volumes []vastapi.Volume) {
		t.Helper()
		if err := knownAt(dir, host, instances, volumes); err != nil {
			t.Fatal(err)
		}
	}
	one := []vastapi.Instance{{ID: 7, Label: safetext.New("train"), GPUName: safetext.New("RTX 4090"), NumGPUs: 2}}
	note("a", one, []vastapi.Volume{{ID: 3, Name: safetext.New("data")}})
	file := filepath.Join(dir, "known.json")
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(file, past, past); err != nil {
		t.Fatal(err)
	}
	note("a", one, nil)
	if info, err := os.Stat(file); err != nil || !info.ModTime().Equal(past) {
		t.Errorf("what stands there already was written again: %v %v", info, err)
	}
	note("a", []vastapi.Instance{}, nil)
	if k := store.ReadKnown(dir); len(k.Instances) != 0 || len(k.Volumes) != 1 || k.Host != "a" {
		t.Errorf("known is %+v", k)
	}
	note("b", one, nil)
	if k := store.ReadKnown(dir); len(k.Instances) != 1 || k.Instances[0].Name != "train" || len(k.Volumes) != 0 || k.Host != "b" {
		t.Errorf("after another server's answer known is %+v", k)
	}
}
