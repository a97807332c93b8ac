package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
)

const (
	passphrase = "correct horse battery"
	fileKey    = "0123456789abcdef0123456789abcdef"
)

// cheapKeyFile is an encrypted key file that does not exist yet and takes little to open.
func cheapKeyFile(t *testing.T) *KeyFile {
	t.Helper()
	return &KeyFile{path: filepath.Join(t.TempDir(), profile, keyFileName), cost: 1, tries: everLocked}
}

func keyOf(t *testing.T, text string) Key {
	t.Helper()
	k, err := ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func saved(t *testing.T, f *KeyFile, host, text string) {
	t.Helper()
	if err := f.Save(t.Context(), passphrase, host, keyOf(t, text)); err != nil {
		t.Fatal(err)
	}
}

func TestTheEncryptedFileGivesBackTheKeyOfEachHost(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	saved(t, f, "other.example:8443", "ffffffffffffffffffff")
	saved(t, f, host, fileKey+"2") // in place of the first
	for h, want := range map[string]string{host: fileKey + "2", strings.ToUpper(host): fileKey + "2", "other.example:8443": "ffffffffffffffffffff"} {
		got, err := f.Find(t.Context(), passphrase, h)
		if err != nil || !got.Equal(keyOf(t, want)) {
			t.Errorf("%s: err %v, the right key: %t", h, err, got.Equal(keyOf(t, want)))
		}
	}
	if _, err := f.Find(t.Context(), passphrase, "third.example"); !errors.Is(err, ErrNoKey) {
		t.Errorf("a host without a key: %v, want ErrNoKey", err)
	}
}

func TestTheEncryptedFileIsArmoredPrivateAndHoldsNoKeyInTheClear(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	data, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("-----BEGIN AGE ENCRYPTED FILE-----")) {
		t.Errorf("the file begins with %.40q", data)
	}
	for _, secret := range []string{fileKey, passphrase, host} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%q stands in the file", secret)
		}
	}
	info, err := os.Lstat(f.Path())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, err %v; want 0600", info.Mode(), err)
	}
	if dir, err := os.Stat(filepath.Dir(f.Path())); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v; want 0700", dir.Mode(), err)
	}
	entries, err := os.ReadDir(filepath.Dir(f.Path()))
	for _, e := range entries {
		if e.Name() != keyFileName && e.Name() != keyFileName+".lock" {
			t.Errorf("%s was left behind", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// The file is one that the age program opens as well: nobody is locked into this one.
func TestTheEncryptedFileIsAnOrdinaryAgeFile(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	data, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(data)), identity)
	if err != nil {
		t.Fatal(err)
	}
	var held struct{ Keys map[string]string }
	if err := json.NewDecoder(r).Decode(&held); err != nil || held.Keys[host] != fileKey {
		t.Errorf("err %v, %d keys", err, len(held.Keys))
	}
}

func TestAWrongPassphraseOpensNothingAndIsNotCalledDamage(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	for _, wrong := range []string{"", "wrong horse battery", passphrase + " ", strings.Repeat("x", 5000)} {
		key, err := f.Find(t.Context(), wrong, host)
		if !errors.Is(err, ErrPassphrase) || !key.IsZero() {
			t.Errorf("%.20q: %v", wrong, err)
		}
	}
	err := f.Save(t.Context(), "another passphrase", "other.example", keyOf(t, "ffffffffffffffffffff"))
	if !errors.Is(err, ErrPassphrase) {
		t.Errorf("saved with another passphrase: %v", err)
	}
	if got, err := f.Find(t.Context(), passphrase, host); err != nil || !got.Equal(keyOf(t, fileKey)) {
		t.Errorf("the key that was there is gone: %v", err)
	}
}

func TestADamagedKeyFileIsRefusedWithANextStep(t *testing.T) {
	t.Parallel()
	whole := cheapKeyFile(t)
	saved(t, whole, host, fileKey)
	good, err := os.ReadFile(whole.Path())
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("a note"), "cut": good[:len(good)*2/3], "a changed byte": flipped,
		"too long": bytes.Repeat([]byte("x"), maxKeyFile+1), "a key in the clear": []byte(fileKey),
	} {
		f := cheapKeyFile(t)
		write(t, f.Path(), data, 0o600)
		_, err := f.Find(t.Context(), passphrase, host)
		var refused *ErrKeyFile
		if !errors.As(err, &refused) || refused.Reason == "" || !strings.Contains(refused.Next, "logout") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), fileKey) {
			t.Errorf("%s: the error repeats what stands in the file", name)
		}
	}
}

func write(t *testing.T, path string, data []byte, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestAKeyFileThatOthersReachIsNotRead(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o602} {
		if err := os.Chmod(f.Path(), mode); err != nil {
			t.Fatal(err)
		}
		there, err := f.Check()
		var refused *ErrKeyFile
		if !there || !errors.As(err, &refused) || !strings.Contains(refused.Next, "chmod 600") {
			t.Errorf("mode %o: %t, %v", mode, there, err)
		}
		if _, err := f.Find(t.Context(), passphrase, host); !errors.As(err, &refused) {
			t.Errorf("mode %o: found: %v", mode, err)
		}
	}
	if err := os.Chmod(f.Path(), 0o400); err != nil {
		t.Fatal(err)
	}
	if there, err := f.Check(); !there || err != nil {
		t.Errorf("a file that its owner may only read: %t, %v", there, err)
	}
}

func TestALinkInPlaceOfTheKeyFileIsNotFollowed(t *testing.T) {
	t.Parallel()
	target := cheapKeyFile(t)
	saved(t, target, host, fileKey)
	f := cheapKeyFile(t)
	if err := os.MkdirAll(filepath.Dir(f.Path()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target.Path(), f.Path()); err != nil {
		t.Fatal(err)
	}
	var refused *ErrKeyFile
	if _, err := f.Find(t.Context(), passphrase, host); !errors.As(err, &refused) {
		t.Errorf("a link was read: %v", err)
	}
	if got := f.LinksTo(); got != target.Path() {
		t.Errorf("the link leads to %q", got)
	}
	if found, err := f.Delete(); !found || err != nil {
		t.Errorf("delete: %t, %v", found, err)
	}
	if got := f.LinksTo() + target.LinksTo(); got != "" {
		t.Errorf("a link to %q where none is", got)
	}
	if there, err := target.Check(); !there || err != nil {
		t.Errorf("what the link led to: %t, %v", there, err)
	}
}

func TestAPassphraseThatIsTooShortMakesNoFile(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	for _, short := range []string{"", "       ", "        ", "seven77", strings.Repeat("x", mostPassphrase+1)} {
		if err := f.Save(t.Context(), short, host, keyOf(t, fileKey)); err == nil {
			t.Errorf("%.10q was taken", short)
		} else if short != "" && strings.TrimSpace(short) != "" && strings.Contains(err.Error(), short) {
			t.Errorf("%v repeats the passphrase", err)
		}
	}
	if there, err := f.Check(); there || err != nil {
		t.Errorf("there is a file: %t, %v", there, err)
	}
	if err := f.Save(t.Context(), passphrase, host, Key{}); err == nil {
		t.Error("no key was saved")
	}
	if err := CheckPassphrase("ßäöüßäöü"); err != nil {
		t.Errorf("eight letters: %v", err)
	}
}

func TestDeletingTheKeyFileTakesAllKeysAway(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	if found, err := f.Delete(); found || err != nil {
		t.Errorf("nothing there: %t, %v", found, err)
	}
	saved(t, f, host, fileKey)
	if found, err := f.Delete(); !found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
	if _, err := f.Find(t.Context(), passphrase, host); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("found afterwards: %v", err)
	}
	if err := os.MkdirAll(f.Path(), 0o700); err != nil {
		t.Fatal(err)
	}
	if found, err := f.Delete(); !found || err == nil {
		t.Errorf("a folder: %t, %v; want it to be refused", found, err)
	}
}

func TestCopiesOfTheProgramThatSaveAtOnceLoseNoKey(t *testing.T) {
	t.Parallel()
	first := cheapKeyFile(t)
	var all sync.WaitGroup
	hosts := []string{"a.example", "b.example", "c.example", "d.example"}
	for _, h := range hosts {
		all.Go(func() {
			mine := &KeyFile{path: first.path, cost: 1, tries: everLocked}
			if err := mine.Save(context.Background(), passphrase, h, keyOf(t, fileKey+h[:1])); err != nil {
				t.Errorf("%s: %v", h, err)
			}
		})
	}
	all.Wait()
	for _, h := range hosts {
		if got, err := first.Find(t.Context(), passphrase, h); err != nil || !got.Equal(keyOf(t, fileKey+h[:1])) {
			t.Errorf("%s: %v", h, err)
		}
	}
}

func TestAProcessThatNeverEndsSavingAKeyIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	synctest.Test(t, func(t *testing.T) {
		release := must(lockPath(f.path + ".lock"))(t)
		defer release()
		mine := &KeyFile{path: f.path, cost: 1, tries: keyFileLockTries}
		begun := time.Now()
		err := mine.Save(t.Context(), passphrase, "b.example", keyOf(t, fileKey))
		if took := time.Since(begun); err == nil || !strings.Contains(err.Error(), "another copy") || took != 10*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestOpeningTheKeyFileCanBeGivenUp(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Find(ctx, passphrase, host); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A file that somebody else has put there must not cost minutes and gigabytes.
func TestAnAbsurdlyExpensiveFileIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	data, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	plain := new(bytes.Buffer)
	if _, err := plain.ReadFrom(armor.NewReader(bytes.NewReader(data))); err != nil {
		t.Fatal(err)
	}
	line, rest, _ := strings.Cut(plain.String(), "\n")
	stanza, rest, _ := strings.Cut(rest, "\n")
	if !strings.HasPrefix(stanza, "-> scrypt ") || !strings.HasSuffix(stanza, " 1") {
		t.Fatalf("the header is %q", stanza)
	}
	var dear bytes.Buffer
	w := armor.NewWriter(&dear)
	_, err = w.Write([]byte(line + "\n" + strings.TrimSuffix(stanza, " 1") + " 30\n" + rest))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	write(t, f.Path(), dear.Bytes(), 0o600)
	var refused *ErrKeyFile
	if _, err := f.Find(t.Context(), passphrase, host); !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
}
