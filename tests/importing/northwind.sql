-- The tables of Northwind, a trader of food, for PostgreSQL, written anew with a few rows.
-- Source: https://github.com/microsoft/sql-server-samples, MIT licence, Copyright (c) Microsoft Corporation.
CREATE TABLE categories (category_id smallint NOT NULL PRIMARY KEY, category_name character varying(15) NOT NULL,
    description text, picture bytea);
CREATE TABLE customer_demographics (customer_type_id character varying(5) NOT NULL PRIMARY KEY, customer_desc text);
CREATE TABLE customers (customer_id character varying(5) NOT NULL PRIMARY KEY,
    company_name character varying(40) NOT NULL, contact_name character varying(30),
    contact_title character varying(30), address character varying(60), city character varying(15),
    region character varying(15), postal_code character varying(10), country character varying(15),
    phone character varying(24), fax character varying(24));
CREATE TABLE customer_customer_demo (customer_id character varying(5) NOT NULL REFERENCES customers,
    customer_type_id character varying(5) NOT NULL REFERENCES customer_demographics,
    PRIMARY KEY (customer_id, customer_type_id));
CREATE TABLE employees (employee_id smallint NOT NULL PRIMARY KEY, last_name character varying(20) NOT NULL,
    first_name character varying(10) NOT NULL, title character varying(30), title_of_courtesy character varying(25),
    birth_date date, hire_date date, address character varying(60), city character varying(15),
    region character varying(15), postal_code character varying(10), country character varying(15),
    home_phone character varying(24), extension character varying(4), photo bytea, notes text,
    reports_to smallint REFERENCES employees, photo_path character varying(255));
CREATE TABLE suppliers (supplier_id smallint NOT NULL PRIMARY KEY, company_name character varying(40) NOT NULL,
    contact_name character varying(30), contact_title character varying(30), address character varying(60),
    city character varying(15), region character varying(15), postal_code character varying(10),
    country character varying(15), phone character varying(24), fax character varying(24), homepage text);
CREATE TABLE products (product_id smallint NOT NULL PRIMARY KEY, product_name character varying(40) NOT NULL,
    supplier_id smallint REFERENCES suppliers, category_id smallint REFERENCES categories,
    quantity_per_unit character varying(20), unit_price real CHECK (unit_price >= 0), units_in_stock smallint,
    units_on_order smallint, reorder_level smallint, discontinued integer NOT NULL);
CREATE TABLE region (region_id smallint NOT NULL PRIMARY KEY, region_description character varying(60) NOT NULL);
CREATE TABLE shippers (shipper_id smallint NOT NULL PRIMARY KEY, company_name character varying(40) NOT NULL,
    phone character varying(24));
CREATE TABLE orders (order_id smallint NOT NULL PRIMARY KEY, customer_id character varying(5) REFERENCES customers,
    employee_id smallint REFERENCES employees, order_date date, required_date date, shipped_date date,
    ship_via smallint REFERENCES shippers, freight real, ship_name character varying(40),
    ship_address character varying(60), ship_city character varying(15), ship_region character varying(15),
    ship_postal_code character varying(10), ship_country character varying(15));
CREATE TABLE territories (territory_id character varying(20) NOT NULL PRIMARY KEY,
    territory_description character varying(60) NOT NULL, region_id smallint NOT NULL REFERENCES region);
CREATE TABLE employee_territories (employee_id smallint NOT NULL REFERENCES employees,
    territory_id character varying(20) NOT NULL REFERENCES territories, PRIMARY KEY (employee_id, territory_id));
CREATE TABLE order_details (order_id smallint NOT NULL REFERENCES orders,
    product_id smallint NOT NULL REFERENCES products, unit_price real NOT NULL, quantity smallint NOT NULL,
    discount real NOT NULL, PRIMARY KEY (order_id, product_id));
CREATE TABLE us_states (state_id smallint NOT NULL PRIMARY KEY, state_name character varying(100),
    state_abbr character varying(2), state_region character varying(50));

INSERT INTO categories VALUES (1, 'Beverages', 'Soft drinks, coffees, teas, beers, and ales', '\x'),
    (2, 'Condiments', NULL, NULL);
INSERT INTO customers VALUES ('ALFKI', 'Alfreds Futterkiste', 'Maria Anders', 'Sales Representative',
    'Obere Str. 57', 'Berlin', NULL, '12209', 'Germany', '030-0074321', '030-0076545');
INSERT INTO employees VALUES
    (2, 'Fuller', 'Andrew', 'Vice President, Sales', 'Dr.', '1952-02-19', '1992-08-14', '908 W. Capital Way', 'Tacoma',
     'WA', '98401', 'USA', '(206) 555-9482', '3457', '\x', 'He joined the company in 1992.', NULL, NULL),
    (1, 'Davolio', 'Nancy', 'Sales Representative', 'Ms.', '1948-12-08', '1992-05-01', '507 20th Ave. E.', 'Seattle',
     'WA', '98122', 'USA', '(206) 555-9857', '5467', '\x', NULL, 2, NULL);
INSERT INTO suppliers VALUES (1, 'Exotic Liquids', 'Charlotte Cooper', 'Purchasing Manager', '49 Gilbert St.',
    'London', NULL, 'EC1 4SD', 'UK', '(171) 555-2222', NULL, NULL);
INSERT INTO products VALUES (1, 'Chai', 1, 1, '10 boxes x 30 bags', 18, 39, 0, 10, 1),
    (2, 'Chang', 1, 1, '24 - 12 oz bottles', 19, 17, 40, 25, 1);
INSERT INTO region VALUES (1, 'Eastern'), (2, 'Western');
INSERT INTO shippers VALUES (3, 'Federal Shipping', '(503) 555-9931');
INSERT INTO orders VALUES (10248, 'ALFKI', 1, '1996-07-04', '1996-08-01', '1996-07-16', 3, 32.38,
    'Vins et alcools Chevalier', '59 rue de l''Abbaye', 'Reims', NULL, '51100', 'France');
INSERT INTO territories VALUES ('01581', 'Westboro', 1);
INSERT INTO employee_territories VALUES (1, '01581');
INSERT INTO order_details VALUES (10248, 1, 14, 12, 0), (10248, 2, 9.8, 10, 0.05);
INSERT INTO us_states VALUES (1, 'Alabama', 'AL', 'south'), (2, 'Alaska', 'AK', 'north');
