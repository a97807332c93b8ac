package main

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/tui/tuitest/cells"
)

// blends is a PNG file with many more colours than a palette holds, beside two that fill it.
func blends(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 100, 60))
	for y := range 60 {
		for x := range 100 {
			switch {
			case y < 40:
				img.Set(x, y, color.NRGBA{30, 30, 46, 255})
			case y == 59 && x == 0:
				img.Set(x, y, color.NRGBA{})
			default:
				img.Set(x, y, color.NRGBA{uint8(x * 2), uint8(y * 4), uint8(x + y), 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// words is a PNG file with few colours, stored as true colours and badly packed.
func words(t *testing.T) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 200, 100))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for i := range 2000 {
		shade := uint8(i * i % 7 * 30)
		img.Set(i*37%200, i*53%100, color.NRGBA{shade, shade, 46, 255})
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folderWith makes a folder with screens of the given names.
func folderWith(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		file := filepath.Join(dir, name+".cells")
		if err := os.WriteFile(file, []byte(cells.Format(cells.New(10, 3))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEveryScreenOfTheFolderIsDrawn(t *testing.T) {
	t.Parallel()
	dir := folderWith(t, "market", "rent", "destroy")
	picture := blends(t)
	a := album{folder: dir, toPNG: func(svg string) ([]byte, error) {
		mustParse(t, svg)
		return picture, nil
	}}
	var report strings.Builder
	if err := a.draw(nil, &report); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"market", "rent", "destroy"} {
		data, err := os.ReadFile(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Error(err)
		}
		if _, err := png.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("%s.png: %v", name, err)
		}
		if !strings.Contains(report.String(), name+".png") {
			t.Errorf("%s is not reported: %s", name, report.String())
		}
	}
}

func TestOnlyNamedScreensAreDrawn(t *testing.T) {
	t.Parallel()
	dir := folderWith(t, "market", "rent")
	picture := blends(t)
	a := album{folder: dir, toPNG: func(string) ([]byte, error) { return picture, nil }}
	if err := a.draw([]string{"rent"}, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil || len(made) != 1 || filepath.Base(made[0]) != "rent.png" {
		t.Errorf("made %v, %v", made, err)
	}
}

func TestFaultsAreSaidOnceAndNamed(t *testing.T) {
	t.Parallel()
	dir := folderWith(t, "a", "b", "c")
	a := album{folder: dir, toPNG: func(string) ([]byte, error) { return nil, errors.New("no program") }}
	if err := a.draw(nil, &strings.Builder{}); err == nil || err.Error() != "no program" {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.cells"), []byte("nonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := a.draw([]string{"b"}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "drawing b: reading cells: line 1") {
		t.Errorf("error %v", err)
	}
	if err := a.draw([]string{"nowhere"}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
	a.folder = t.TempDir()
	if err := a.draw(nil, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "-update writes them") {
		t.Errorf("error %v", err)
	}
}

func TestMissingProgramIsSaidWithTheCommandThatInstallsIt(t *testing.T) {
	t.Parallel()
	_, err := rsvgConvert("no-such-program")("<svg/>")
	if err == nil || !strings.Contains(err.Error(), "apt-get install -y --no-install-recommends librsvg2-bin fonts-jetbrains-mono") {
		t.Errorf("error %v", err)
	}
}

func TestRunReportsFailureByItsExitCode(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	if code := run([]string{"-dir", t.TempDir()}, &out, &errs); code != 1 || !strings.HasPrefix(errs.String(), "shots: no .cells files") {
		t.Errorf("code %d, %q", code, errs.String())
	}
	if code := run([]string{"-nonsense"}, &out, &errs); code != 2 {
		t.Errorf("code %d", code)
	}
}

func TestPicturesKeepTheirColoursInAPalette(t *testing.T) {
	t.Parallel()
	a, err := png.Decode(bytes.NewReader(blends(t)))
	if err != nil {
		t.Fatal(err)
	}
	b := paletted(a)
	if len(b.Palette) > 256 {
		t.Fatalf("%d colours", len(b.Palette))
	}
	for y := range 60 {
		for x := range 100 {
			want, got := nrgba(a.At(x, y)), nrgba(b.At(x, y))
			if y < 40 && got != want {
				t.Fatalf("the most frequent colour %v became %v", want, got)
			}
			if distance(want, got) > 3*20*20 {
				t.Errorf("%v at %d,%d became %v", want, x, y, got)
			}
		}
	}
}

func TestPicturesNeverGrow(t *testing.T) {
	t.Parallel()
	for name, before := range map[string][]byte{"blends": blends(t), "words": words(t)} {
		after, err := shrinkPNG(before)
		if err != nil {
			t.Fatal(err)
		}
		if len(after) > len(before) {
			t.Errorf("%s: %d bytes became %d", name, len(before), len(after))
		}
		if _, err := png.Decode(bytes.NewReader(after)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "words" && len(after) > len(before)*2/3 {
			t.Errorf("%s: %d bytes became only %d", name, len(before), len(after))
		}
	}
	if _, err := shrinkPNG([]byte("nonsense")); err == nil {
		t.Error("nonsense was taken for a picture")
	}
}
