package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// officialHome is a home folder with the official client's key files.
func officialHome(t *testing.T, files map[string]string) (home string, places []string) {
	t.Helper()
	home = t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(home, name), []byte(text), 0o644)
	}
	return home, OtherKeyPlaces(func(name string) string { return map[string]string{"HOME": home}[name] })
}

const (
	newPlace = ".config/vastai/vast_api_key"
	oldPlace = ".vast_api_key"
)

func TestTheOfficialClientsKeyIsFoundWhereThatClientLooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the place
	}{
		"the usual place":   {map[string]string{newPlace: fileKey}, newPlace},
		"the older place":   {map[string]string{oldPlace: fileKey + "\n"}, oldPlace},
		"both: newer first": {map[string]string{newPlace: fileKey, oldPlace: "ffffffffffffffffffff"}, newPlace},
	} {
		home, places := officialHome(t, c.files)
		found, err := FindOtherKey(places)
		if err != nil || found.Path != filepath.Join(home, c.want) || !found.Key.Equal(keyOf(t, fileKey)) || !found.Open || found.Written.IsZero() {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	_, places := officialHome(t, nil)
	if _, err := FindOtherKey(places); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	elsewhere := OtherKeyPlaces(func(name string) string {
		return map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/c"}[name]
	})
	if want := []string{"/c/vastai/vast_api_key", "/h/.vast_api_key"}; strings.Join(elsewhere, " ") != strings.Join(want, " ") {
		t.Errorf("places %v, want %v", elsewhere, want)
	}
}

func TestWhatIsNoKeyOfTheOfficialClientIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"empty": "", "two words": "my secret words", "long": strings.Repeat("secret", 1000)} {
		_, places := officialHome(t, map[string]string{newPlace: text})
		_, err := FindOtherKey(places)
		if err == nil || errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	home, places := officialHome(t, map[string]string{"elsewhere": fileKey})
	if err := os.Symlink(filepath.Join(home, "elsewhere"), filepath.Join(home, oldPlace)); err != nil {
		t.Fatal(err)
	}
	if _, err := FindOtherKey(places); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link: %v", err)
	}
}

func TestOnlyFilesWithTheImportedKeyAreDeleted(t *testing.T) {
	t.Parallel()
	home, places := officialHome(t, map[string]string{newPlace: fileKey, oldPlace: fileKey + "\n"})
	found, err := FindOtherKey(places)
	if err != nil || !slices.Equal(found.Paths(), []string{filepath.Join(home, newPlace), filepath.Join(home, oldPlace)}) {
		t.Errorf("the files to name are %v, %v", found.Paths(), err)
	}
	removed, err := RemoveOtherKeys(places, keyOf(t, fileKey))
	if err != nil || len(removed) != 2 {
		t.Errorf("%v, %v", removed, err)
	}
	home, places = officialHome(t, map[string]string{newPlace: fileKey, oldPlace: "ffffffffffffffffffff"})
	if found, err := FindOtherKey(places); err != nil || len(found.Also) > 0 {
		t.Errorf("a file with another key is named: %v, %v", found.Also, err)
	}
	removed, err = RemoveOtherKeys(places, keyOf(t, fileKey))
	if err != nil || len(removed) != 1 || removed[0] != filepath.Join(home, newPlace) {
		t.Errorf("%v, %v", removed, err)
	}
	if _, err := os.Stat(filepath.Join(home, oldPlace)); err != nil {
		t.Errorf("the file with another key: %v", err)
	}
}

func TestTheOfferToImportIsRememberedForTheMachine(t *testing.T) {
	t.Parallel()
	p := Paths{State: filepath.Join(t.TempDir(), "state")}
	if p.ImportAnswered() {
		t.Error("answered before anybody was asked")
	}
	for range 2 {
		if err := p.AnswerImport(); err != nil || !p.ImportAnswered() {
			t.Errorf("not remembered: %v", err)
		}
	}
}
