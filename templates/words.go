package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"
)

//go:embed words
var files embed.FS

// words is every file of one medium's words, by its path below the medium's
// folder: "channel/card".
type words map[string]*template.Template

// readWords parses a medium's folder. What its shared.tmpl defines, all the
// others may use.
func readWords(medium string) (words, error) {
	root := path.Join("words", medium)
	shared := path.Join(root, "shared.tmpl")
	common, err := template.New("shared").Option("missingkey=error").
		Funcs(template.FuncMap{"clip": clip}).ParseFS(files, shared)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", shared, err)
	}
	all := words{}
	err = fs.WalkDir(files, root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || file == shared {
			return err
		}
		own, err := common.Clone()
		if err == nil {
			own, err = own.ParseFS(files, file)
		}
		if err != nil {
			return fmt.Errorf("parse %s: %w", file, err)
		}
		all[strings.TrimSuffix(strings.TrimPrefix(file, root+"/"), ".tmpl")] = own
		return nil
	})
	return all, err
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
	return strings.TrimSpace(gaps.ReplaceAllString(b.String(), "\n\n")), true, nil
}

// phrase renders what a file has to define.
func (t *Templates) phrase(file, define string, data any) (mrkdwn, error) {
	said, ok, err := t.words.execute(file, define, data)
	if err == nil && !ok {
		err = fmt.Errorf("there are no words for %q in %s", define, file)
	}
	return mrkdwn(said), err
}
