package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
)

//go:embed words
var files embed.FS

// shared names the file of a folder whose definitions others use.
const shared = "shared.tmpl"

// words holds every file of one medium's words, by its path below the medium's
// folder: "channel/card".
type words map[string]*template.Template

// readWords parses a medium's folder. What a folder's [shared] file defines, the
// files beside and below it may use, and replace.
func readWords(medium string) (words, error) {
	funcs := template.FuncMap{"clip": clip, "lower": lower}
	all := words{}
	root := path.Join("words", medium)
	err := all.read(root, root, template.New(medium).Option("missingkey=error").Funcs(funcs))
	return all, err
}

// read parses the files of a folder, each with what is shared in the folders
// above it.
func (w words) read(root, folder string, above *template.Template) error {
	entries, err := files.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("read %s: %w", folder, err)
	}
	common := above
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == shared }) {
		if common, err = extend(above, path.Join(folder, shared)); err != nil {
			return err
		}
	}
	for _, e := range entries {
		file := path.Join(folder, e.Name())
		switch {
		case e.IsDir():
			err = w.read(root, file, common)
		case e.Name() != shared:
			w[strings.TrimSuffix(strings.TrimPrefix(file, root+"/"), ".tmpl")], err = extend(common, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// extend returns the definitions of both, the file's instead of those of the
// same name.
func extend(t *template.Template, file string) (*template.Template, error) {
	own, err := t.Clone()
	if err == nil {
		own, err = own.ParseFS(files, file)
	}
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	return own, nil
}

// execute renders what a file defines, "" where it does not.
func (w words) execute(file, define string, data any) (string, bool, error) {
	own, ok := w[file]
	if !ok {
		return "", false, fmt.Errorf("there are no words %q", file)
	}
	if own.Lookup(define) == nil {
		return "", false, nil
	}
	var b strings.Builder
	if err := own.ExecuteTemplate(&b, define, data); err != nil {
		return "", true, fmt.Errorf("render %s: %w", file, err)
	}
	return strings.TrimSpace(gaps.ReplaceAllString(ends.ReplaceAllString(b.String(), "\n"), "\n\n")), true, nil
}

// phrase renders what a file has to define.
func (t *Templates) phrase(file, define string, data any) (mrkdwn, error) {
	said, ok, err := t.words.execute(file, define, data)
	if err == nil && !ok {
		err = fmt.Errorf("there are no words for %q in %s", define, file)
	}
	return mrkdwn(said), err
}
