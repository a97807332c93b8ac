package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// packages are what drawing needs on Debian: the program and the fonts its drawings name.
const packages = "librsvg2-bin fonts-jetbrains-mono fonts-symbola fonts-noto-cjk fonts-dejavu-core"

// rsvgConvert gives a function that makes a PNG file of an SVG document with librsvg's program of the given name.
// The document never touches the disk.
func rsvgConvert(program string) func(svg string) ([]byte, error) {
	return func(svg string) ([]byte, error) {
		path, err := exec.LookPath(program)
		if err != nil {
			return nil, fmt.Errorf("drawing needs %s, which is not installed; on Debian and Ubuntu: "+
				"apt-get install -y --no-install-recommends %s", program, packages)
		}
		var png, complaint bytes.Buffer
		cmd := exec.Command(path, "--format", "png")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(svg), &png, &complaint
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("running %s: %w: %s", program, err, strings.TrimSpace(complaint.String()))
		}
		if png.Len() == 0 {
			return nil, errors.New("running " + program + ": it made no picture")
		}
		return png.Bytes(), nil
	}
}
