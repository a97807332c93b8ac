package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"vastdeck/tui/tuitest/cells"
)

// album is a folder of screens and their pictures.
type album struct {
	folder string
	// toPNG turns an SVG document into a PNG file.
	toPNG func(svg string) ([]byte, error)
}

// draw draws the named screens, or all of the folder, as many at a time as there are processors.
func (a album) draw(names []string, report io.Writer) error {
	if len(names) == 0 {
		found, err := filepath.Glob(filepath.Join(a.folder, "*.cells"))
		if err != nil {
			return fmt.Errorf("listing %s: %w", a.folder, err)
		}
		if len(found) == 0 {
			return fmt.Errorf("no .cells files in %s: go test ./tui/tuitest -update writes them", a.folder)
		}
		for _, path := range found {
			names = append(names, strings.TrimSuffix(filepath.Base(path), ".cells"))
		}
	}
	results := make([]result, len(names))
	slots := make(chan struct{}, runtime.NumCPU())
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = a.one(strings.TrimSuffix(name, ".cells"))
		})
	}
	all.Wait()
	var errs []error
	for _, r := range results {
		if r.err != nil {
			errs = append(errs, r.err)
			continue
		}
		fmt.Fprintf(report, "%s  %d KB\n", r.path, (r.size+1023)/1024)
	}
	return firstOfEach(errs)
}

// result is what became of one screen.
type result struct {
	path string
	size int
	err  error
}

func (a album) one(name string) result {
	data, err := a.picture(name)
	if err != nil {
		return result{err: err}
	}
	path := filepath.Join(a.folder, name+".png")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return result{err: fmt.Errorf("writing the picture: %w", err)}
	}
	return result{path: path, size: len(data)}
}

// picture draws one screen as a PNG file.
func (a album) picture(name string) ([]byte, error) {
	file, err := os.Open(filepath.Join(a.folder, name+".cells"))
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", name, err)
	}
	defer file.Close()
	screen, err := cells.Read(file)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", name, err)
	}
	data, err := a.toPNG(drawSVG(screen, lookOf(name)))
	if err != nil {
		return nil, err
	}
	small, err := shrinkPNG(data)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", name, err)
	}
	return small, nil
}

// firstOfEach joins errors and drops repetitions: a missing program is missing for every picture.
func firstOfEach(errs []error) error {
	seen := map[string]bool{}
	var kept []error
	for _, err := range errs {
		if !seen[err.Error()] {
			seen[err.Error()] = true
			kept = append(kept, err)
		}
	}
	return errors.Join(kept...)
}
