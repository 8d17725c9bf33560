'use strict';

// What Lethe is compared with: a webhook that deletes before it answers, as FusionAuth's blog post on user.delete has it, for
// the three tables of the bench. Arguments: the port to listen on, the URL of the database, the key that a caller has.
const express = require('express');
const { Pool } = require('pg');

const [port, url, apiKey] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, options: '-c search_path=shop' });
const app = express();
app.use(express.json());

async function deleteAll(userId) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query({
      name: 'items',
      text: 'DELETE FROM order_items WHERE order_id IN (SELECT id FROM orders WHERE customer_id = $1)',
      values: [userId],
    });
    await client.query({ name: 'orders', text: 'DELETE FROM orders WHERE customer_id = $1', values: [userId] });
    await client.query({ name: 'customers', text: 'DELETE FROM customers WHERE id = $1', values: [userId] });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

app.get('/health/ready', (req, res) => res.sendStatus(200));

app.post('/webhook-user-delete', (req, res) => {
  if (req.header('Authorization') !== apiKey) {
    res.status(401).send({ errors: [{ code: '[notAuthorized]' }] });
    return;
  }
  const event = req.body.event;
  if (event.type !== 'user.delete') {
    res.sendStatus(200);
    return;
  }
  deleteAll(event.user.id)
    .then(() => res.sendStatus(200))
    .catch(() => res.sendStatus(500));
});

app.listen(Number(port), '127.0.0.1');
