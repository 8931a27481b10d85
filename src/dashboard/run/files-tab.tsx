import { useState } from 'react';
import { useRunFiles, type RunName } from '../data/queries.ts';
import { Age } from '../parts/age.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { bytesText } from '../words/number.ts';

/** What the client uploaded with the run. */
export function FilesTab({ name }: { name: RunName }) {
  const { data, error } = useRunFiles(name);
  const [find, setFind] = useState('');
  if (data === undefined)
    return error === null ? <Waiting rows={5} /> : <p className="page-problem problem">{error.message}</p>;
  const files = data.files.filter((file) => file.name.toLowerCase().includes(find.toLowerCase()));
  return (
    <div className="files-tab">
      <div className="toolbar">
        <input
          type="search"
          className="search-field"
          value={find}
          placeholder="Find a file"
          aria-label="Find a file"
          onChange={(event) => setFind(event.target.value)}
        />
        <span className="quiet">{files.length} files</span>
      </div>
      {files.length === 0 ? (
        <p className="quiet tree-nothing">
          {find === '' ? 'This run has uploaded no files.' : `No file matches “${find}”.`}
        </p>
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th>Name</th>
              <th className="number">Size</th>
              <th className="number">Uploaded</th>
              <th className="wide" />
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.name}>
                <td>
                  <a href={file.url} download={file.name.split('/').at(-1)}>
                    <code>{file.name}</code>
                  </a>
                </td>
                <td className="number">{bytesText(file.sizeBytes)}</td>
                <td className="number quiet">
                  <Age at={file.updatedAt} />
                </td>
                <td className="wide" />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
